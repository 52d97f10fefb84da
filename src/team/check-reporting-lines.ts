import { type Complaint, complaintAt } from './complaint.ts';
import type { AgentEntry } from './project-file.ts';

/** Workers cannot be reported to, so a circle is one of managers. Each circle is complained about once. */
export function checkReportingLines(managers: readonly AgentEntry[], complaints: Complaint[]): void {
  const byName = new Map(managers.map((entry) => [entry.key.value, entry]));
  const settled = new Set<string>();
  for (const { key } of managers) {
    const line: string[] = [];
    let name: string | undefined = key.value;
    while (name !== undefined && !settled.has(name) && !line.includes(name)) {
      line.push(name);
      name = byName.get(name)?.value.reports_to?.value;
    }
    if (name !== undefined && line.includes(name)) {
      const circle = [...line.slice(line.indexOf(name)), name];
      const place = byName.get(name)?.value.reports_to?.place;
      if (place !== undefined) {
        const found = `part of a circle (${circle.join(' reports to ')})`;
        complaints.push(complaintAt(place, { found, expected: 'a manager further up' }));
      }
    }
    for (const seen of line) settled.add(seen);
  }
}
