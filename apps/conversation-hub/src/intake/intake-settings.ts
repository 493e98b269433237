/** What the intake can be told. */
export interface IntakeSettings {
  /** A conversation closed less than this many days ago goes on when its customer writes again (REOPEN_DAYS). */
  reopenDays: number;
}

/** Injection token of {@link IntakeSettings}. */
export const INTAKE_SETTINGS = Symbol('INTAKE_SETTINGS');

export const defaultIntakeSettings: IntakeSettings = { reopenDays: 7 };
