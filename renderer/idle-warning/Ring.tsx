import { words } from './words.ts';

const radius = 46;
const length = 2 * Math.PI * radius;

/** The time left, as a ring that empties and a number that can be read from the back of a room. */
export function Ring({ secondsLeft, ofSeconds }: { secondsLeft: number; ofSeconds: number }) {
  const share = ofSeconds <= 0 ? 0 : Math.min(1, secondsLeft / ofSeconds);
  const long = secondsLeft >= 100;
  return (
    <div className="ring" data-soon={secondsLeft <= 10}>
      <svg viewBox="0 0 100 100" aria-hidden>
        <circle className="ring-track" cx="50" cy="50" r={radius} />
        <circle
          className="ring-left"
          cx="50"
          cy="50"
          r={radius}
          strokeDasharray={length}
          strokeDashoffset={length * (1 - share)}
        />
      </svg>
      <p aria-hidden>
        <span className="ring-number" data-long={long}>
          {long ? words.minutes(secondsLeft) : secondsLeft}
        </span>
        <span className="ring-unit">{long ? 'minutes' : words.seconds(secondsLeft)}</span>
      </p>
    </div>
  );
}
