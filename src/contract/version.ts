/** Version of every program of Usher; the same as in package.json (a test holds them together). */
export const usherVersion = '0.1.0';
