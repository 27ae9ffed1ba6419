// Prints the key id that the default chain of aws-config signs with, or its error.
use aws_credential_types::provider::ProvideCredentials;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let provider = config.credentials_provider().expect("a chain");
    match provider.provide_credentials().await {
        Ok(found) => println!("{{\"key\": {:?}}}", found.access_key_id()),
        Err(why) => println!("{{\"error\": {:?}}}", format!("{why:?}").replace(['\\', '"', '\''], "").replace(|c: char| !c.is_ascii_graphic(), " ")),
    }
}
