/** The key of what belongs to one school of a trust. */
export interface Keyed {
  trust_id: string;
  school_id: string;
}
