// Prints the key id that a client of the AWS SDK for JavaScript v3 signs with, or its error.
const { createRequire } = require('module');
const tell = (told) => { console.log(JSON.stringify(told)); process.exit(0); };
// A promise of the SDK that nobody waits for ends a program, which then has no credentials.
process.on('uncaughtException', (error) => tell({ error: `${error.name}: ${error.message}` }));
const load = createRequire(process.argv[2] + '/package.json');
const { STSClient } = load('@aws-sdk/client-sts');
Promise.resolve().then(() => new STSClient({}).config.credentials()).then(
  (found) => tell({ key: found.accessKeyId }),
  (error) => tell({ error: `${error.name}: ${error.message}` }));
