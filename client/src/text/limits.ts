/**
 * How much there may be of what people write and make: the server's own limits
 * (tests/vectors/limits.json holds both to them). Texts are counted in UTF-16 units.
 */
export const LIMITS = {
  /** Of a person, of a group. */
  name: 60,
  /** Of a workshop, a stage, a board. */
  title: 120,
  announcement: 500,
  prompt: 1000,
  /** All of a board's, one a line. */
  principles: 2000,
  /** With an answer to a survey. */
  comment: 2000,
  passphrase: 100,
  passphraseLeast: 6,
  /** Of a board, with those that are deleted. */
  notes: 20_000,
  /** Board units either way; a placement farther out is clamped. */
  position: 100_000,
  /** Of one person on one note; more is garbage. */
  dotsOnNote: 99,
  /** Of one person on one board. */
  dots: 20,
  /** That may be set as the most notes of one person on one board. */
  mostNotes: 200,
  personColors: 12,
  zoneTints: 4,
  /** Answers to a survey below which nothing is told. */
  surveyFloor: 5,
  surveySteps: 5,
} as const;

/** Where fields stop: short of what the server takes, as two who write at once may pass that together. */
export const FIELD_LIMITS = {
  note: 2000,
  themeName: 120,
  answer: 10_000,
  /** An answer under a survey's results. */
  otherForm: 2000,
  experiment: 4000,
  /** Of a breakout, as the panel offers them. */
  groups: 40,
} as const;
