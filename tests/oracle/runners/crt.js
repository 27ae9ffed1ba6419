// Prints the key id that the Common Runtime's default chain signs with, or its error.
const tell = (told) => { console.log(JSON.stringify(told)); process.exit(0); };
const { auth, http } = require(process.argv[2]);
(async () => {
  const signed = await auth.aws_sign_request(
    new http.HttpRequest('GET', '/', new http.HttpHeaders([['host', 'sts.amazonaws.com']])),
    { algorithm: auth.AwsSigningAlgorithm.SigV4, signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
      provider: auth.AwsCredentialsProvider.newDefault(), region: 'eu-west-1', service: 'sts',
      date: new Date(), use_double_uri_encode: true, should_normalize_uri_path: true, omit_session_token: false });
  tell({ key: /Credential=([^/]*)/.exec(signed.headers.get('Authorization'))[1] });
})().catch((error) => tell({ error: String(error) }));
