import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ListChecks, MessageCircleQuestionMark, Usb, type LucideIcon, KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { address } from '../api/address.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { useAddressEntries } from '../parts/address-entry.ts';
import { ActionLink } from '../parts/ActionLink.tsx';
import { DataTable, type Column } from '../parts/DataTable.tsx';
import { Search } from '../parts/Search.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Views } from '../parts/Views.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { deviceColumns, grantColumns, pluggedColumns, requestColumns } from './device-columns.tsx';
import { devicesQuery, grantsQuery, pluggedQuery, requestsQuery } from './device-queries.ts';
import { DevicePanel } from './DevicePanel.tsx';
import { GrantPanel } from './GrantPanel.tsx';
import { CodePanel, codePanelKey } from './CodePanel.tsx';
import { RequestPanel } from './RequestPanel.tsx';
import { TryRules } from './TryRules.tsx';
import form from '../parts/form.module.css';

export const deviceViews = ['plugged', 'requests', 'allowed', 'all', 'try'] as const;
export type DeviceView = (typeof deviceViews)[number];

const viewWords: Record<DeviceView, { word: string; lead: string }> = {
  plugged: { word: 'Plugged in', lead: 'What is in which machine now, and what the policy says about it.' },
  requests: { word: 'Requests', lead: 'People who ask to use a device that is held.' },
  allowed: { word: 'Allowed', lead: 'What IT has allowed: for whom, until when, by whom and why.' },
  all: { word: 'All devices', lead: 'Every device that was ever plugged in, and where it has been.' },
  try: { word: 'Try a rule', lead: 'What a rule would have done, before anybody is stopped by it.' },
};

/** USB devices: five views of them, each with an address of its own. */
export function DevicesPage({ view, openId }: { view: DeviceView; openId: string | null }) {
  usePageTitle('Devices');
  switch (view) {
    case 'plugged':
      return <Plugged openId={openId} />;
    case 'requests':
      return <Requests openId={openId} />;
    case 'allowed':
      return <Allowed openId={openId} />;
    case 'all':
      return <All openId={openId} />;
    case 'try':
      return (
        <Workspace title="Devices" lead={viewWords.try.lead} toolbar={<DeviceTools view="try" />}>
          <TryRules />
        </Workspace>
      );
  }
}

const hrefOfView = (view: DeviceView): string => (view === 'plugged' ? '/devices' : `/devices/${view}`);

function DeviceTools({ view, children }: { view: DeviceView; children?: ReactNode }) {
  const waiting = useQuery(requestsQuery).data?.items.filter(({ state }) => state === 'open').length ?? 0;
  return (
    <>
      <Views
        label="Devices"
        views={deviceViews.map((one) => ({
          href: hrefOfView(one),
          word: viewWords[one].word,
          here: one === view,
          waiting: one === 'requests' ? waiting : 0,
        }))}
      />
      {children}
    </>
  );
}

interface ListProps<Row extends object> {
  view: DeviceView;
  query: UseQueryResult<{ items: Row[] }>;
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
  hrefOf: (row: Row) => string;
  openId: string | null;
  openKey?: string | null;
  panel: (close: () => void) => ReactNode;
  tools?: ReactNode;
  actions?: ReactNode;
  empty: { icon: LucideIcon; title: string; text: ReactNode };
  foot?: ReactNode;
}

/** One of the lists with its panel. */
function List<Row extends object>(props: ListProps<Row>) {
  const { view, query, columns, keyOf, hrefOf, openId, openKey = openId, panel, tools, actions, empty, foot } = props;
  const [, navigate] = useLocation();
  const close = () => {
    navigate(hrefOfView(view));
  };
  return (
    <Workspace
      title="Devices"
      lead={viewWords[view].lead}
      actions={actions}
      toolbar={<DeviceTools view={view}>{tools}</DeviceTools>}
      panel={openId === null ? null : { rowKey: openKey ?? openId, content: panel(close) }}
    >
      {query.isPending ? (
        <LoadingLines label="devices" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={empty.icon} title={empty.title}>
          {empty.text}
        </EmptyState>
      ) : (
        <DataTable
          label={viewWords[view].word}
          columns={columns}
          rows={query.data.items}
          keyOf={keyOf}
          hrefOf={hrefOf}
          openKey={openKey}
          foot={foot}
        />
      )}
    </Workspace>
  );
}

function Plugged({ openId }: { openId: string | null }) {
  const query = useQuery(pluggedQuery);
  const open = query.data?.items.find((row) => row.plug === openId);
  return (
    <List
      view="plugged"
      query={query}
      columns={pluggedColumns}
      keyOf={(row) => row.plug}
      hrefOf={(row) => address('/devices/plugged/:id', { id: row.plug })}
      openId={openId}
      panel={(close) => (
        <DevicePanel key={openId} id={open?.deviceKeyId ?? null} loading={query.isPending} onClose={close} />
      )}
      empty={{
        icon: Usb,
        title: 'Nothing is plugged in',
        text: (
          <p>
            What people plug into an enrolled machine appears here by itself, within seconds. What machines do about it
            is in the <TextLink href="/policies">policy</TextLink>.
          </p>
        ),
      }}
    />
  );
}

function Requests({ openId }: { openId: string | null }) {
  const query = useQuery(requestsQuery);
  return (
    <List
      view="requests"
      query={query}
      columns={requestColumns}
      keyOf={(row) => row.id}
      hrefOf={(row) => address('/devices/requests/:id', { id: row.id })}
      openId={openId}
      actions={<ActionLink href={`/devices/requests/${codePanelKey}`} word="Make a code to read out" icon={KeyRound} />}
      panel={(close) =>
        openId === codePanelKey ? (
          <CodePanel onClose={close} />
        ) : (
          <RequestPanel
            key={openId}
            request={query.data?.items.find((row) => row.id === openId)}
            loading={query.isPending}
            onClose={close}
          />
        )
      }
      empty={{
        icon: MessageCircleQuestionMark,
        title: 'Nobody is asking',
        text: <p>Where the policy says “ask”, a person gives a reason and the request waits here for your answer.</p>,
      }}
    />
  );
}

function Allowed({ openId }: { openId: string | null }) {
  const query = useQuery(grantsQuery);
  return (
    <List
      view="allowed"
      query={query}
      columns={grantColumns}
      keyOf={(row) => row.id}
      hrefOf={(row) => address('/devices/allowed/:id', { id: row.id })}
      openId={openId}
      panel={(close) => (
        <GrantPanel
          key={openId}
          grant={query.data?.items.find((row) => row.id === openId)}
          loading={query.isPending}
          onClose={close}
        />
      )}
      empty={{
        icon: ListChecks,
        title: 'Nothing is allowed by name',
        text: (
          <p>
            Approve a request, or open one of <TextLink href="/devices/all">all devices</TextLink> and allow it for a
            time.
          </p>
        ),
      }}
    />
  );
}

function All({ openId }: { openId: string | null }) {
  const [entries, change] = useAddressEntries();
  const search = entries.get('search');
  const query = useQuery(devicesQuery(search));
  return (
    <List
      view="all"
      query={query}
      columns={deviceColumns}
      keyOf={(row) => row.id}
      hrefOf={(row) => address('/devices/all/:id', { id: row.id }, { search })}
      openId={openId}
      tools={
        <Search
          label="Search"
          placeholder="Name, serial or maker:product"
          value={search}
          onChange={(value) => {
            change({ search: value });
          }}
        />
      }
      panel={(close) => <DevicePanel key={openId} id={openId} loading={false} onClose={close} />}
      foot={
        query.data?.more === true ? <p className={form['soft']}>There are more. Search to narrow the list.</p> : null
      }
      empty={{
        icon: Usb,
        title: search === null ? 'No device was seen yet' : 'No device matches',
        text:
          search === null ? (
            <p>Devices appear here by themselves once one is plugged into an enrolled machine.</p>
          ) : (
            <p>Search for less of the name, or for a part of the serial number.</p>
          ),
      }}
    />
  );
}
