require("http").createServer((q, a) => a.end("ok\n")).listen(80);
if (process.argv[2]) process.title = process.argv[2];
