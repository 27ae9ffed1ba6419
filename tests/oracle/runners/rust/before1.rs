// The same for releases before 1.0, which have no behavior version.
use aws_credential_types::provider::ProvideCredentials;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = aws_config::load_from_env().await;
    let provider = config.credentials_provider().expect("a chain");
    match provider.provide_credentials().await {
        Ok(found) => println!("{{\"key\": {:?}}}", found.access_key_id()),
        Err(why) => println!("{{\"error\": {:?}}}", format!("{why:?}").replace(['\\', '"', '\''], "").replace(|c: char| !c.is_ascii_graphic(), " ")),
    }
}
