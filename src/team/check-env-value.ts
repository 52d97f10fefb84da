import { type Complaint, complaintAt, type Located, quoted } from './complaint.ts';

/** A value that goes into the env file, one line each: a line break would end it early, and no variable can hold a NUL. */
export function checkEnvValue(given: Located<string> | undefined, complaints: Complaint[]): void {
  if (given === undefined || !/[\n\0]/.test(given.value)) return;
  complaints.push(
    complaintAt(given.place, {
      found: quoted(given.value),
      expected: 'free of line breaks and NUL characters',
    }),
  );
}
