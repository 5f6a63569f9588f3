/** Usher's mark: a doorway. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M9 25V14a7 7 0 0 1 14 0v11"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="16" cy="20" r="2.2" fill="var(--on-accent)" />
    </svg>
  );
}
