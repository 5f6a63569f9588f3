import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Bell, Mail, Radio, Settings2, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { meQuery } from '../api/queries.ts';
import { ActionLink } from '../parts/ActionLink.tsx';
import { DataTable, type Column } from '../parts/DataTable.tsx';
import { LoadMore } from '../parts/LoadMore.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { Views } from '../parts/Views.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { alertColumns, channelColumns, digestColumns, feedColumns, ruleColumns } from './alert-columns.tsx';
import { alertsQuery, channelsQuery, digestsQuery, feedsQuery, rulesQuery } from './alert-queries.ts';
import { AlertPanel } from './AlertPanel.tsx';
import { ChannelPanel } from './ChannelPanel.tsx';
import { DigestPanel } from './DigestPanel.tsx';
import { FeedPanel } from './FeedPanel.tsx';
import { RulePanel } from './RulePanel.tsx';
import form from '../parts/form.module.css';

const views = ['recent', 'rules', 'channels', 'feeds', 'digests'] as const;
type View = (typeof views)[number];

const viewWords: Record<View, { word: string; lead: string }> = {
  recent: { word: 'Recent', lead: 'What was alerted on, and what became of each message.' },
  rules: { word: 'Rules', lead: 'What you are told of, from how often on, and by which channel.' },
  channels: { word: 'Channels', lead: 'Where alerts go: email addresses, Slack, Teams or any webhook.' },
  feeds: { word: 'Feeds', lead: 'Events passed on to a SIEM or a log store as they arrive.' },
  digests: { word: 'Weekly digest', lead: 'One mail a week to the head of a school: counts, and nobody by name.' },
};

interface PageProps {
  openId: string | null;
  toolbar: ReactNode;
  lead: string;
}

/** Where one of the lists is, and one entry of it: `/settings/alerts/rules`, `/settings/alerts/rules.7f…`. */
const hrefOf = (view: View, id?: string): string =>
  `/settings/alerts${id === undefined ? (view === 'recent' ? '' : `/${view}`) : `/${view}.${encodeURIComponent(id)}`}`;

/** Alerts, the rules they come from, where they go, feeds and the weekly digest. */
export function AlertsPage({ openId, toolbar }: PageProps) {
  const [place = 'recent', id = null] = (openId ?? 'recent').split('.', 2);
  const view = views.find((one) => one === place) ?? 'recent';
  switch (view) {
    case 'recent':
      return <Recent id={id} toolbar={toolbar} />;
    case 'rules':
      return <Rules id={id} toolbar={toolbar} />;
    case 'channels':
      return <Channels id={id} toolbar={toolbar} />;
    case 'feeds':
      return <Feeds id={id} toolbar={toolbar} />;
    case 'digests':
      return <Digests id={id} toolbar={toolbar} />;
  }
}

interface ViewProps {
  id: string | null;
  toolbar: ReactNode;
}

interface Answer<Row> {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  items: Row[] | undefined;
}

interface ListProps<Row extends object> extends ViewProps {
  view: View;
  answer: Answer<Row>;
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
  actions?: ReactNode;
  panel: ReactNode;
  foot?: ReactNode;
  empty: { icon: LucideIcon; title: string; text: ReactNode };
}

/** One of the lists with its panel. */
function List<Row extends object>(props: ListProps<Row>) {
  const { view, id, toolbar, answer, columns, keyOf, actions, panel, foot, empty } = props;
  const tools = (
    <>
      {toolbar}
      <Views
        label="Alerts"
        within
        views={views.map((one) => ({ href: hrefOf(one), word: viewWords[one].word, here: one === view }))}
      />
    </>
  );
  return (
    <Workspace
      title="Settings"
      lead={viewWords[view].lead}
      actions={actions}
      toolbar={tools}
      panel={id === null || panel === null ? null : { rowKey: id, content: panel }}
    >
      {answer.isPending ? (
        <LoadingLines label="alerts" />
      ) : answer.items === undefined ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : answer.items.length === 0 ? (
        <EmptyState icon={empty.icon} title={empty.title}>
          {empty.text}
        </EmptyState>
      ) : (
        <DataTable
          label={viewWords[view].word}
          columns={columns}
          rows={answer.items}
          keyOf={keyOf}
          hrefOf={(row) => hrefOf(view, keyOf(row))}
          openKey={id}
          foot={foot}
        />
      )}
    </Workspace>
  );
}

function useClose(view: View): () => void {
  const [, navigate] = useLocation();
  return () => {
    navigate(hrefOf(view));
  };
}

const useMayManage = (): boolean => useQuery(meQuery).data?.permissions.includes('alerts.manage') ?? false;

function Recent({ id, toolbar }: ViewProps) {
  const query = useInfiniteQuery(alertsQuery);
  const items = query.data?.pages.flatMap((page) => page.items);
  const open = items?.find((row) => row.id === id);
  const close = useClose('recent');
  return (
    <List
      view="recent"
      id={id}
      toolbar={toolbar}
      answer={{ isPending: query.isPending, error: query.error, refetch: query.refetch, items }}
      columns={alertColumns}
      keyOf={(row) => row.id}
      panel={open === undefined ? null : <AlertPanel key={open.id} alert={open} onClose={close} />}
      foot={
        <LoadMore
          allOf="These are all."
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          onMore={() => void query.fetchNextPage()}
        />
      }
      empty={{
        icon: Bell,
        title: 'Nothing was alerted on',
        text: (
          <p>
            The <TextLink href={hrefOf('rules')}>rules</TextLink> say what you are told of. To be told by email or in a
            chat, add a <TextLink href={hrefOf('channels')}>channel</TextLink> and choose it in a rule.
          </p>
        ),
      }}
    />
  );
}

function Rules({ id, toolbar }: ViewProps) {
  const query = useQuery(rulesQuery);
  const channels = useQuery(channelsQuery);
  const mayManage = useMayManage();
  const close = useClose('rules');
  const open = query.data?.items.find((row) => row.id === id);
  const ready = channels.data !== undefined && (open !== undefined || (id === 'new' && mayManage));
  return (
    <List
      view="rules"
      id={id}
      toolbar={toolbar}
      answer={{ ...query, items: query.data?.items }}
      columns={ruleColumns}
      keyOf={(row) => row.id}
      actions={mayManage ? <ActionLink href={hrefOf('rules', 'new')} word="Add a rule" /> : null}
      panel={ready ? <RulePanel key={id} rule={open ?? null} mayManage={mayManage} onClose={close} /> : null}
      empty={{
        icon: Settings2,
        title: 'There is no rule',
        text: <p>Add one: choose what you want to be told of, and by which channel.</p>,
      }}
    />
  );
}

function Channels({ id, toolbar }: ViewProps) {
  const query = useQuery(channelsQuery);
  const mayManage = useMayManage();
  const close = useClose('channels');
  const open = query.data?.items.find((row) => row.id === id);
  const kind = open?.kind ?? (id === 'newEmail' ? 'email' : id === 'newWebhook' ? 'webhook' : null);
  return (
    <List
      view="channels"
      id={id}
      toolbar={toolbar}
      answer={{ ...query, items: query.data?.items }}
      columns={channelColumns}
      keyOf={(row) => row.id}
      actions={
        mayManage ? (
          <div className={form['formFoot']}>
            <ActionLink href={hrefOf('channels', 'newEmail')} word="Add email" />
            <ActionLink href={hrefOf('channels', 'newWebhook')} word="Add a webhook" />
          </div>
        ) : null
      }
      panel={
        kind === null || query.data === undefined ? null : (
          <ChannelPanel
            key={id}
            channel={open ?? null}
            kind={kind}
            mailServer={query.data.mailServer}
            mayManage={mayManage}
            onClose={close}
          />
        )
      }
      empty={{
        icon: Mail,
        title: 'Alerts go nowhere yet',
        text: <p>Add an email channel or a webhook, send a test, then choose it in a rule.</p>,
      }}
    />
  );
}

function Feeds({ id, toolbar }: ViewProps) {
  const query = useQuery(feedsQuery);
  const mayManage = useMayManage();
  const close = useClose('feeds');
  const open = query.data?.items.find((row) => row.id === id);
  const newKinds = { newSyslog: 'syslog', newOtlp: 'otlp', newWebhook: 'webhook' } as const;
  const asked = (['newSyslog', 'newOtlp', 'newWebhook'] as const).find((one) => one === id);
  const kind = open?.kind ?? (asked === undefined ? null : newKinds[asked]);
  return (
    <List
      view="feeds"
      id={id}
      toolbar={toolbar}
      answer={{ ...query, items: query.data?.items }}
      columns={feedColumns}
      keyOf={(row) => row.id}
      actions={
        mayManage ? (
          <div className={form['formFoot']}>
            <ActionLink href={hrefOf('feeds', 'newSyslog')} word="Add syslog" />
            <ActionLink href={hrefOf('feeds', 'newOtlp')} word="Add OpenTelemetry" />
            <ActionLink href={hrefOf('feeds', 'newWebhook')} word="Add a webhook" />
          </div>
        ) : null
      }
      panel={
        kind === null || query.data === undefined ? null : (
          <FeedPanel key={id} feed={open ?? null} kind={kind} mayManage={mayManage} onClose={close} />
        )
      }
      empty={{
        icon: Radio,
        title: 'Events stay here',
        text: <p>Add a feed to pass them on to a SIEM by syslog, to an OpenTelemetry collector, or to a webhook.</p>,
      }}
    />
  );
}

function Digests({ id, toolbar }: ViewProps) {
  const query = useQuery(digestsQuery);
  const channels = useQuery(channelsQuery);
  const mayManage = useMayManage();
  const close = useClose('digests');
  const open = query.data?.items.find((row) => row.id === id);
  return (
    <List
      view="digests"
      id={id}
      toolbar={toolbar}
      answer={{ ...query, items: query.data?.items }}
      columns={digestColumns}
      keyOf={(row) => row.id}
      panel={
        open === undefined || channels.data === undefined ? null : (
          <DigestPanel key={open.id} digest={open} mayManage={mayManage} onClose={close} />
        )
      }
      empty={{ icon: Mail, title: 'There is no school', text: <p>Add a school first.</p> }}
    />
  );
}
