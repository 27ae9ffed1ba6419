// Prints the key id that aws-sdk (v2) signs with by default, or its error.
const { existsSync } = require('fs');
const tell = (told) => { console.log(JSON.stringify(told)); process.exit(0); };
process.on('beforeExit', () => tell({ error: 'the callback was never called' }));
process.on('uncaughtException', (error) => tell({ error: String(error) }));
try {
  // Without the services: of these it is the larger part. The oldest has only one entry.
  const AWS = require(existsSync(`${process.argv[2]}/global.js`) ? `${process.argv[2]}/global` : process.argv[2]);
  AWS.config.getCredentials((error) => tell(error
    ? { error: `${error.code}: ${error.message}` }
    : { key: AWS.config.credentials.accessKeyId }));
} catch (error) { tell({ error: String(error) }); }
