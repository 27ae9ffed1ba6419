// Prints the key id that the default chain of aws-config signs with, or its error.
use aws_credential_types::provider::ProvideCredentials;

fn plain(text: String) -> String {
    text.replace(['\\', '"', '\''], "").replace(|c: char| !c.is_ascii_graphic(), " ")
}

// Some settings make the SDK panic.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    std::panic::set_hook(Box::new(|why| println!("{{\"error\": {:?}}}", plain(why.to_string()))));
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let provider = config.credentials_provider().expect("a chain");
    match provider.provide_credentials().await {
        Ok(found) => println!("{{\"key\": {:?}}}", found.access_key_id()),
        Err(why) => println!("{{\"error\": {:?}}}", plain(format!("{why:?}"))),
    }
}
