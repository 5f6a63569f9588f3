import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { usherCommand } from '../launch/usher-command.ts';
import { staff, type DayParts } from './day-parts.ts';
import type { ScriptedDay } from './steps.ts';

/** 15:00: the record is exported and proved; a forged copy is found out. */
export async function proveTheRecord(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('The record is exported and proves itself; a forged copy does not', async (step) => {
    const file = path.join(parts.stateFolder, 'record.jsonl');
    const { environment } = parts.machine();
    const exported = await usherCommand(['export', '--out', file], environment);
    step.check(exported.code === 0, `usher export: ${(exported.output || exported.errors).trim().split('\n')[0]}`);
    const sound = await usherCommand(['verify', file], {});
    step.check(sound.code === 0, `usher verify says it is sound (exit code ${sound.code})`);

    const forged = path.join(parts.stateFolder, 'forged.jsonl');
    const text = readFileSync(file, 'utf8');
    step.check(text.includes(staff.name), `The export holds ${staff.name}'s acceptance`);
    writeFileSync(forged, text.replace(staff.name, 'Jordan Ashdown'));
    const found = await usherCommand(['verify', forged], {});
    const words = `${found.output}${found.errors}`.trim().split('\n')[0] ?? '';
    step.check(found.code === 3, `A copy with another name in it is found out (exit code ${found.code}): ${words}`);
  });
}
