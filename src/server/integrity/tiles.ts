import type { TreeHash, TreeNode } from '../../proof/index.ts';
import { joinNodes, nodeHash } from '../../proof/index.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** Hashes of a full tile, and the levels of the tree between one tile and the next (https://c2sp.org/tlog-tiles). */
export const tileWidth = 256;
const tileLevels = 8;
const hashBytes = 32;

/** One tile's hashes, as far as it is filled. */
export async function readTile(
  store: StoreOrTransaction,
  trustId: string,
  level: number,
  index: number,
): Promise<TreeHash[]> {
  const row = await store
    .selectFrom('log_tiles')
    .select('hashes')
    .where('trust_id', '=', trustId)
    .where('level', '=', level)
    .where('tile_index', '=', index)
    .executeTakeFirst();
  return row === undefined ? [] : splitHashes(Buffer.from(row.hashes, 'base64'));
}

function splitHashes(bytes: Buffer): TreeHash[] {
  return Array.from({ length: Math.floor(bytes.length / hashBytes) }, (_, place) =>
    bytes.subarray(place * hashBytes, (place + 1) * hashBytes),
  );
}

/** Reads nodes of the tree, each tile once however many of its hashes are asked for. */
export class TileReader {
  readonly #store: StoreOrTransaction;
  readonly #trustId: string;
  readonly #tiles = new Map<string, Promise<TreeHash[]>>();

  constructor(store: StoreOrTransaction, trustId: string) {
    this.#store = store;
    this.#trustId = trustId;
  }

  /** Tiles read so far. */
  get reads(): number {
    return this.#tiles.size;
  }

  /** Forgets what was read, for when leaves were added or many proofs were made. */
  forget(): void {
    this.#tiles.clear();
  }

  /** For each group of nodes, the hash they join to. */
  async hashes(groups: readonly (readonly TreeNode[])[]): Promise<TreeHash[]> {
    const joined: TreeHash[] = [];
    for (const nodes of groups) {
      const parts: TreeHash[] = [];
      for (const node of nodes) parts.push(await this.#node(node));
      joined.push(joinNodes(parts));
    }
    return joined;
  }

  async #node({ level, index }: TreeNode): Promise<TreeHash> {
    const tileLevel = Math.floor(level / tileLevels);
    const width = 2 ** (level % tileLevels);
    const from = index * width;
    const tile = await this.#tile(tileLevel, Math.floor(from / tileWidth));
    const first = from % tileWidth;
    let row = tile.slice(first, first + width);
    if (row.length !== width) throw new Error(`The log's tree has no node ${index} at level ${level}`);
    while (row.length > 1) row = pairs(row);
    const [hash] = row;
    if (hash === undefined) throw new Error(`The log's tree has no node ${index} at level ${level}`);
    return hash;
  }

  #tile(level: number, index: number): Promise<TreeHash[]> {
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key);
    if (known !== undefined) return known;
    const read = readTile(this.#store, this.#trustId, level, index);
    this.#tiles.set(key, read);
    return read;
  }
}

/** The hashes one level up. */
function pairs(row: readonly TreeHash[]): TreeHash[] {
  const above: TreeHash[] = [];
  for (let place = 0; place + 1 < row.length; place += 2) {
    const [left, right] = [row[place], row[place + 1]];
    if (left !== undefined && right !== undefined) above.push(nodeHash(left, right));
  }
  return above;
}

/** Adds leaf hashes to a tree of `size` leaves: writes the tiles at its right edge, and those above that became full. */
export async function appendToTiles(
  store: StoreOrTransaction,
  trustId: string,
  size: number,
  added: readonly TreeHash[],
): Promise<void> {
  let level = 0;
  let from = size;
  let hashes = added;
  while (hashes.length > 0) {
    const above: TreeHash[] = [];
    const aboveFrom = Math.floor(from / tileWidth);
    let tile = from % tileWidth === 0 ? [] : await readTile(store, trustId, level, aboveFrom);
    if (tile.length !== from % tileWidth) throw new Error(`The log's tile ${aboveFrom} of level ${level} is not whole`);
    let index = aboveFrom;
    for (let place = 0; place < hashes.length;) {
      const taken = hashes.slice(place, place + tileWidth - tile.length);
      tile = [...tile, ...taken];
      place += taken.length;
      await writeTile(store, trustId, level, index, tile);
      if (tile.length < tileWidth) break;
      above.push(rootOfTile(tile));
      tile = [];
      index += 1;
    }
    hashes = above;
    from = aboveFrom;
    level += 1;
  }
}

function rootOfTile(tile: readonly TreeHash[]): TreeHash {
  let row = tile;
  while (row.length > 1) row = pairs(row);
  return joinNodes(row);
}

async function writeTile(
  store: StoreOrTransaction,
  trustId: string,
  level: number,
  index: number,
  tile: readonly TreeHash[],
): Promise<void> {
  const hashes = Buffer.concat(tile).toString('base64');
  await store
    .insertInto('log_tiles')
    .values({ trust_id: trustId, level, tile_index: index, hashes })
    .onConflict((conflict) => conflict.columns(['trust_id', 'level', 'tile_index']).doUpdateSet({ hashes }))
    .execute();
}
