# frozen_string_literal: true

# Lambent's Ruby runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.
#
# The process starts before it is known which function it will serve. GEM_PATH and RUBYLIB are applied to it when it is; for
# what Ruby reads only while starting (RUBYOPT, ...), and for a wrapper script, the platform starts a process for the function
# alone, which finds its assignment in LAMBENT_ASSIGNMENT.

require 'json'
require 'logger'
require 'socket'
require 'stringio'
require 'time'
require_relative 'lambent/channel'
require_relative 'lambent/servers'
require_relative 'lambent/errors'
require_relative 'lambent/context'
require_relative 'lambent/function_logging'
require_relative 'lambent/handler'

module Lambent
  module_function

  def main
    given = ENV.delete('LAMBENT_ASSIGNMENT')
    channel = Channel.new(3)
    if given
      assignment = JSON.parse(given)
    else
      assignment = boot(channel)
      ENV.replace(assignment.fetch('env'))
    end
    serve(channel, become(channel, assignment))
  end

  # Gets ready for any function, and returns the assignment of the one that it is to be.
  def boot(channel)
    Servers.hand_over
    ENV.clear
    JSON.parse(JSON.generate('warm' => [1, 2.5, nil, 'up']))
    GC.start
    channel.send_frame(Channel::BOOTED, '{}')
    JSON.parse(channel.read_frame(Channel::ASSIGN).force_encoding(Encoding::UTF_8))
  end

  def become(channel, assignment)
    task_root = assignment.fetch('taskRoot')
    Dir.chdir(task_root)
    FunctionLogging.set_up(channel)
    $LOAD_PATH.unshift(*ENV.fetch('RUBYLIB', '').split(':').reject(&:empty?))
    $LOAD_PATH.unshift(task_root) unless $LOAD_PATH.include?(task_root)
    Gem.clear_paths if defined?(Gem)
    $PROGRAM_NAME = 'bootstrap'
    handler = Handler.new(assignment.fetch('handler'))
    require handler.file
    channel.send_frame(Channel::READY, '{}')
    handler
  rescue Exception => e # rubocop:disable Lint/RescueException
    error = Errors.new(e, 'Init')
    FunctionLogging.error("Init error when loading handler #{assignment['handler']}", error)
    FunctionLogging.flush
    channel.send_error(Channel::INIT_ERROR, nil, error, fatal: true)
    exit!(1)
  end

  def serve(channel, handler)
    loop do
      head, event = Channel.split_head(channel.read_frame(Channel::INVOKE))
      request_id = head.fetch('requestId')
      $_global_aws_request_id = request_id # rubocop:disable Style/GlobalVars
      head['traceId'] ? ENV['_X_AMZN_TRACE_ID'] = head['traceId'] : ENV.delete('_X_AMZN_TRACE_ID')
      begin
        payload, content_type = handler.call(event, Context.new(head))
      rescue Handler::Failure => e
        FunctionLogging.error(e.critical ? 'Critical exception from handler' : 'Error raised from handler method', e.error)
        FunctionLogging.flush
        channel.send_error(Channel::ERROR, request_id, e.error, fatal: e.critical)
        # AWS's runtime ends after such an error as well.
        e.critical ? exit!(255) : next
      end
      FunctionLogging.flush
      channel.send_response(request_id, payload, content_type)
    end
  end
end

Lambent.main
