/** What a tagged PDF (ISO 32000-1, 14.8) says of a stretch of text. */
export interface Tag {
  /** Place in reading order. */
  readonly order: number;
  /** Number of the paragraph, heading, list item or cell it belongs to. */
  readonly block: number;
  readonly headingDepth?: number;
  readonly isTitle?: boolean;
  /** Entry of a contents list. */
  readonly inContents?: boolean;
  /** The number or bullet of a list item. */
  readonly isLabel?: boolean;
  /** Number of the list item, table row and cell it is in. */
  readonly item?: number;
  /** The list item has a number or bullet, which may be drawn and no text. */
  readonly hasLabel?: boolean;
  readonly row?: number;
  readonly cell?: number;
}

/** A node of the structure tree as pdf.js hands it over. */
interface TreeNode {
  readonly role?: string;
  readonly type?: string;
  readonly id?: string;
  readonly children?: readonly unknown[];
}

type Inherited = Omit<Tag, 'order'>;

const blocks = /^(?:P|H|H[1-6]|Title|LI|LBody|TD|TH|Caption|BlockQuote|Note|TOCI|Index|Div|Sect|Art|Part)$/u;
const deepest = 200;

/** Tags by the id of the marked content that carries them. */
export function tagsOf(tree: unknown): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  let order = 0;
  let block = 0;
  const visit = (value: unknown, around: Inherited, depth: number): void => {
    const node = treeNode(value);
    if (node === null || depth > deepest) return;
    if (node.type === 'content') {
      order += 1;
      if (node.id !== undefined) tags.set(node.id, { ...around, order });
      return;
    }
    const role = node.role ?? '';
    const number = () => (block += 1);
    const heading = /^H([1-6])$/u.exec(role)?.[1];
    const inner: Inherited = {
      ...around,
      ...(blocks.test(role) ? { block: number() } : {}),
      ...(heading === undefined ? {} : { headingDepth: Number(heading) }),
      ...(role === 'Title' ? { isTitle: true } : {}),
      ...(role === 'TOC' || role === 'TOCI' ? { inContents: true } : {}),
      ...(role === 'LI' ? { item: number(), hasLabel: hasLabel(node) } : {}),
      ...(role === 'Lbl' && around.item !== undefined ? { isLabel: true } : {}),
      ...(role === 'TR' ? { row: number() } : {}),
      ...(role === 'TD' || role === 'TH' ? { cell: number() } : {}),
    };
    for (const child of node.children ?? []) visit(child, inner, depth + 1);
  };
  visit(tree, { block: 0 }, 0);
  return tags;
}

function treeNode(value: unknown): TreeNode | null {
  return typeof value === 'object' && value !== null ? value : null;
}

function hasLabel(item: TreeNode): boolean {
  return (item.children ?? []).some((child) => treeNode(child)?.role === 'Lbl');
}
