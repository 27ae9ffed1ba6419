// For each line of its input {"command", "env", "folder", "seconds"} a thread with an isolate of its own is the program that `command` would
// start: with that environment, and with all of it loaded anew; only node's own start, the larger part, is done once. Answers by a line:
// {"status", "out", "err"}. The user and the certificates are this process's own.
const { Worker } = require('worker_threads');
const SIGALRM = 14;

function collect(stream) {
  const pieces = [];
  stream.on('data', (piece) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString();
}

function become({ command, env, folder, seconds }) {
  process.chdir(folder);
  if ('HOME' in env)        // os.homedir() reads the real environment, which is not a worker's own
    process.env.HOME = env.HOME;
  else
    delete process.env.HOME;
  return new Promise((resolve) => {
    const worker = new Worker(command[1], { argv: command.slice(2), env, stdout: true, stderr: true });
    const out = collect(worker.stdout), err = collect(worker.stderr);
    let late = false, fault = '';
    const alarm = setTimeout(() => { late = true; worker.terminate(); }, seconds * 1000);
    worker.on('error', (error) => { fault = String(error); });
    worker.on('exit', (code) => {
      clearTimeout(alarm);
      setImmediate(() => resolve({ status: late ? -SIGALRM : code, out: out(), err: err() + fault }));
    });
  });
}

async function main() {
  for await (const line of require('readline').createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await become(JSON.parse(line))));
}
main();
