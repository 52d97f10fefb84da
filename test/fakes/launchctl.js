// The program `launchctl` of the tests: node launchctl.js SOCKET ARGS... asks the stand-in for launchd that listens there.
import { connect } from 'node:net';
import process from 'node:process';

const [socketPath, ...args] = process.argv.slice(2);
const socket = connect({ path: socketPath, allowHalfOpen: true });
let answer = '';
socket.on('data', (chunk) => {
  answer += chunk;
});
socket.on('end', () => {
  const { code, stdout, stderr } = JSON.parse(answer);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
  socket.destroy();
});
socket.end(JSON.stringify(args));
