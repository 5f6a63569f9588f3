/** The part of pg-cursor that Kysely uses to stream (https://node-postgres.com/apis/cursor). */
declare module 'pg-cursor' {
  import type { PostgresCursorConstructor } from 'kysely';
  const Cursor: PostgresCursorConstructor;
  export default Cursor;
}
