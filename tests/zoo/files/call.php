<?php
// What a PHP program without an SDK does: IMDS by itself. /tmp/acted says whose keys they are.
umask(0);
$at = "http://169.254.169.254/latest";
$ask = fn($path, $token = "") => @file_get_contents("$at/$path", false, stream_context_create(["http" => ["timeout" => 5,
    "method" => $token ? "GET" : "PUT", "header" => $token ? "X-aws-ec2-metadata-token: $token" : "X-aws-ec2-metadata-token-ttl-seconds: 60"]]));
$token = $ask("api/token");
$role = $ask("meta-data/iam/security-credentials/", $token);
$keys = json_decode($ask("meta-data/iam/security-credentials/$role", $token), true);
file_put_contents("/tmp/acted", "php " . ($keys["AccessKeyId"] ?? "none"));
echo "ok";
