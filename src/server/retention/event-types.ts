import { eventType, eventTypes, type EventType } from '../../contract/event.ts';
import { retentionCategory, type RetentionCategory } from '../../contract/retention.ts';
import { recordedData } from '../../words/recorded-data.ts';

/** The event types of each category. */
export const typesOf = Object.fromEntries(
  retentionCategory.options.map((category) => [
    category,
    eventTypes.filter((type) => recordedData[type].category === category),
  ]),
) as Record<RetentionCategory, EventType[]>;

/** What a stored type is filed under; a type this version does not know belongs to Usher's own operation. */
export function categoryOf(type: string | null): RetentionCategory {
  const known = eventType.safeParse(type).data;
  return known === undefined ? 'service' : recordedData[known].category;
}
