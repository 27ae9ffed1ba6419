<?php
// Prints the key id that AsyncAws signs with, or its error: async-aws.php FOLDER, of Debian's packages for PHP.
function trigger_deprecation()
{
}
spl_autoload_register(function ($class) use ($argv) {
    $file = $argv[1] . '/' . strtr($class, '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    }
});
try {
    $http = Symfony\Component\HttpClient\HttpClient::create(['cafile' => getenv('SSL_CERT_FILE')]);
    $found = AsyncAws\Core\Credentials\ChainProvider::createDefaultChain($http)->getCredentials(AsyncAws\Core\Configuration::create([]));
    $told = $found ? ['key' => $found->getAccessKeyId()] : ['error' => 'no credentials'];
} catch (Throwable $error) { // whatever the library raises is the answer
    $told = ['error' => get_class($error) . ': ' . $error->getMessage()];
}
echo json_encode($told, JSON_PARTIAL_OUTPUT_ON_ERROR), "\n";
