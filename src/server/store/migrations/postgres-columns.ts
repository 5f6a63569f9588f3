import type { ColumnDefinitionNode } from 'kysely';
import {
  DataTypeNode,
  OperationNodeTransformer,
  RawNode,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
} from 'kysely';

/** Text that is compared byte by byte, whatever the locale of the database. */
const binaryText = 'text collate "C"';

/** The column's type with the collation; what follows a type that is written as SQL (`not null default ''`) stays. */
function binaryTypeOf(dataType: ColumnDefinitionNode['dataType']): ColumnDefinitionNode['dataType'] {
  if (RawNode.is(dataType)) {
    const [type = '', ...rest] = dataType.sqlFragments;
    return RawNode.create([type.replace(/^text\b(?! collate)/, binaryText), ...rest], dataType.parameters);
  }
  const isText = DataTypeNode.is(dataType) && (dataType.dataType === 'text' || dataType.dataType === 'date');
  return isText ? RawNode.createWithSql(binaryText) : dataType;
}

class BinaryTextColumns extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode, queryId: QueryId): ColumnDefinitionNode {
    return super.transformColumnDefinition({ ...node, dataType: binaryTypeOf(node.dataType) }, queryId);
  }
}

/**
 * Makes the column types of our migrations PostgreSQL's. Text is compared byte by byte, as SQLite does: both engines
 * sort alike, and the instants of a month form a range. Better-auth's `date` columns hold instants as text on both
 * engines, so that a row is the same, value for value, wherever it is kept.
 */
export class PostgresColumns implements KyselyPlugin {
  readonly #transformer = new BinaryTextColumns();
  transformQuery({ node, queryId }: PluginTransformQueryArgs) {
    return this.#transformer.transformNode(node, queryId);
  }
  transformResult({ result }: PluginTransformResultArgs) {
    return Promise.resolve(result);
  }
}
