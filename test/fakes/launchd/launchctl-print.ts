import type { FakeJob } from './launchctl-job.ts';

/** `launchctl print DOMAIN` in the shape of macOS 14 and later, cut to what tells something. */
export function describeDomain(domain: string, jobs: ReadonlyMap<string, FakeJob>): string {
  const services = [...jobs].map(([label, job]) => line(job.pid ?? 0, job.lastStatus, label));
  return [
    `${domain} = {`,
    '\ttype = login',
    '\thandle = 100017',
    '\tactive count = 540',
    '\tservice count = 412',
    '\tcreator = loginwindow[374]',
    '\tsession = Aqua',
    '',
    '\tenvironment = {',
    '\t\tSSH_AUTH_SOCK => /private/tmp/com.apple.launchd.dG3XqpBz0v/Listeners',
    '\t}',
    '',
    '\tservices = {',
    line(61949, '(pe)', 'com.apple.tonelibraryd'),
    line(0, '-', 'com.apple.accounts.dom'),
    ...services,
    '\t}',
    '',
    '\tendpoints = {',
    '\t\t   0x2b303    M   A   com.apple.finder.ServiceProvider',
    '\t}',
    '}',
    '',
  ].join('\n');
}

function line(pid: number, status: string, label: string): string {
  return `\t\t${String(pid).padStart(8)} ${status.padStart(6)} \t${label}`;
}

/** `launchctl print DOMAIN/LABEL`. */
export function describeJob(domain: string, job: FakeJob): string {
  const { keys } = job;
  const exit = /^SIG/.test(job.lastExit) ? 'last terminating signal' : 'last exit code';
  const environment = Object.entries(keys.EnvironmentVariables).map(
    ([name, value]) => `\t\t${name} => ${value}`,
  );
  return [
    `${domain}/${keys.Label} = {`,
    `\tactive count = ${job.pid === undefined ? 0 : 1}`,
    '\ttype = LaunchAgent',
    `\tstate = ${job.state}`,
    '',
    `\tprogram = ${keys.ProgramArguments[0]}`,
    '\targuments = {',
    ...keys.ProgramArguments.map((argument) => `\t\t${argument}`),
    '\t}',
    '',
    `\tworking directory = ${keys.WorkingDirectory}`,
    '',
    `\tstdout path = ${keys.StandardOutPath}`,
    `\tstderr path = ${keys.StandardErrorPath}`,
    '\tenvironment = {',
    ...environment,
    `\t\tXPC_SERVICE_NAME => ${keys.Label}`,
    '\t}',
    '',
    `\tdomain = ${domain} [100017]`,
    `\tminimum runtime = ${keys.ThrottleInterval}`,
    `\texit timeout = ${keys.ExitTimeOut}`,
    `\truns = ${job.runs}`,
    ...(job.pid === undefined ? [] : [`\tpid = ${job.pid}`]),
    `\t${exit} = ${job.lastExit}`,
    '',
    '\tresource coalition = {',
    '\t\tID = 1234',
    '\t\tstate = active',
    '\t}',
    '}',
    '',
  ].join('\n');
}
