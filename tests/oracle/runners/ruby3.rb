# Prints the key id that a client of aws-sdk-core signs with, or its error.
require 'json'
require 'aws-sdk-core'

begin
  provider = Aws::STS::Client.new.config.credentials
  told = { key: provider&.credentials&.access_key_id }
rescue StandardError => e
  told = { error: "#{e.class}: #{e.message}" }
end
puts JSON.generate(told)
