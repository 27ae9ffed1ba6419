const cluster = require("cluster");
if (cluster.isMaster) {
    cluster.fork();
    cluster.fork();
    cluster.on("exit", () => cluster.fork());
} else require("./server.js");
