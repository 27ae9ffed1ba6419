require "sidekiq"
class Nothing
  include Sidekiq::Worker
  def perform; end
end
