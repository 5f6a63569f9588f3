import { metaHelper, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useState, type KeyboardEvent, type ReactNode, type Ref, type UIEventHandler } from 'react';
import { Link } from 'wouter';
import styles from './table.module.css';

export interface ColumnPlace {
  /** Share of the width, as CSS: `18%`, `120px`; absent takes what is left. */
  width?: string;
  /** Where the cell goes when rows become cards; `link` is the cell that opens the row. */
  card: 'link' | 'corner' | 'line' | 'hidden';
  /** Shown before the value on a card. */
  cardLabel?: string;
  align?: 'end';
}

export const features = tableFeatures({ columnMeta: metaHelper<ColumnPlace>() });
export type Column<Row extends object> = ColumnDef<typeof features, Row>;

export interface DataTableProps<Row extends object> {
  /** What the rows are, for screen readers. */
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  hrefOf: (row: Row) => string;
  openKey?: string | null;
  /** Rows to mark as just arrived. */
  freshKeys?: ReadonlySet<string>;
  /** Under the last row: "load more". */
  foot?: ReactNode;
  scrollRef?: Ref<HTMLDivElement>;
  onScroll?: UIEventHandler<HTMLDivElement>;
}

const stepOf: Partial<Record<string, (place: number, last: number) => number>> = {
  ArrowDown: (place, last) => Math.min(place + 1, last),
  ArrowUp: (place) => Math.max(place - 1, 0),
  Home: () => 0,
  End: (_place, last) => last,
};

/**
 * A dense table whose rows open a detail. One row at a time is in the tab order; arrow keys, Home and End move it,
 * Enter opens. In a narrow space rows become cards.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, hrefOf, openKey = null, freshKeys, foot, scrollRef, onScroll } = props;
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const table = useTable({ features, columns, data: rows, getRowId: keyOf });
  const keys = rows.map(keyOf);
  const wanted = activeKey ?? openKey;
  const tabStop = wanted !== null && keys.includes(wanted) ? wanted : keys[0];

  const onKeyDown = (event: KeyboardEvent<HTMLAnchorElement>): void => {
    const step = stepOf[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [...(event.currentTarget.closest('tbody')?.querySelectorAll<HTMLElement>('a[data-row-link]') ?? [])];
    const place = links.indexOf(event.currentTarget);
    if (place === -1) return;
    event.preventDefault();
    links[step(place, links.length - 1)]?.focus();
  };

  return (
    <div className={styles['scroller']} ref={scrollRef} onScroll={onScroll}>
      <table className={styles['table']} aria-label={label}>
        <colgroup>
          {table.getAllLeafColumns().map((column) => (
            <col key={column.id} style={{ width: column.columnDef.meta?.width }} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} scope="col" data-align={header.column.columnDef.meta?.align}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              data-row-key={row.id}
              data-open={row.id === openKey ? 'yes' : undefined}
              data-fresh={freshKeys?.has(row.id) === true ? 'yes' : undefined}
            >
              {row.getAllCells().map((cell) => {
                const place = cell.column.columnDef.meta;
                const content = <table.FlexRender cell={cell} />;
                return (
                  <td key={cell.id} data-card={place?.card} data-align={place?.align} data-label={place?.cardLabel}>
                    {place?.card === 'link' ? (
                      <Link
                        href={hrefOf(row.original)}
                        className={styles['rowLink']}
                        data-row-link
                        onKeyDown={onKeyDown}
                        tabIndex={row.id === tabStop ? 0 : -1}
                        aria-current={row.id === openKey ? 'true' : undefined}
                        onFocus={() => {
                          setActiveKey(row.id);
                        }}
                      >
                        {content}
                      </Link>
                    ) : (
                      content
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {foot}
    </div>
  );
}
