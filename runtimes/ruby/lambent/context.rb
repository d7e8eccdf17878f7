# frozen_string_literal: true

module Lambent
  # The context object that a handler receives.
  class Context
    attr_reader :aws_request_id, :invoked_function_arn, :log_group_name, :log_stream_name, :function_name,
                :memory_limit_in_mb, :function_version, :identity, :client_context, :deadline_ms, :tenant_id

    def initialize(head)
      @deadline_ms = head.fetch('deadlineMs').to_i
      @aws_request_id = head.fetch('requestId')
      @invoked_function_arn = head.fetch('invokedFunctionArn')
      @tenant_id = head['tenantId']
      @log_group_name = ENV.fetch('AWS_LAMBDA_LOG_GROUP_NAME', nil)
      @log_stream_name = ENV.fetch('AWS_LAMBDA_LOG_STREAM_NAME', nil)
      @function_name = ENV.fetch('AWS_LAMBDA_FUNCTION_NAME', nil)
      @memory_limit_in_mb = ENV.fetch('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', nil)
      @function_version = ENV.fetch('AWS_LAMBDA_FUNCTION_VERSION', nil)
      @identity = JSON.parse(head['cognitoIdentity']) if head['cognitoIdentity']
      @client_context = JSON.parse(head['clientContext']) if head['clientContext']
    end

    def get_remaining_time_in_millis # rubocop:disable Naming/AccessorMethodName
      remaining = @deadline_ms - Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond)
      [remaining, 0].max
    end
  end
end

# The name that functions know it by.
LambdaContext = Lambent::Context
