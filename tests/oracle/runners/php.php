<?php
// Prints the key id that a client of the AWS SDK for PHP v3 signs with, or its error: php.php FOLDER, which has its autoload.php.
require $argv[1] . '/autoload.php';
try {
    $client = new Aws\S3\S3Client(['region' => 'eu-west-1', 'version' => 'latest']);
    $told = ['key' => $client->getCredentials()->wait()->getAccessKeyId()];
} catch (Throwable $error) { // whatever the SDK raises is the answer
    $told = ['error' => get_class($error) . ': ' . $error->getMessage()];
}
echo json_encode($told, JSON_PARTIAL_OUTPUT_ON_ERROR), "\n";
