# frozen_string_literal: true

module Lambent
  # Where the function's output goes: each call of `puts`, and each record of a Logger, is one record of the log.
  module FunctionLogging
    module_function

    def set_up(channel)
      @channel = channel
      @json = ENV['AWS_LAMBDA_LOG_FORMAT'] == 'JSON'
      $stdout = LineOutput.new(channel, STDOUT)
      $stderr = LineOutput.new(channel, STDERR)
      Logger.prepend(LoggerDefaults)
      Kernel.module_eval do
        define_method(:puts) do |*lines|
          channel.log(lines.flatten.map(&:to_s).join("\n").delete_suffix("\n"))
          nil
        end
      end
    end

    # Sends what was printed without a line break so far.
    def flush
      $stdout.send_rest if $stdout.respond_to?(:send_rest)
      $stderr.send_rest if $stderr.respond_to?(:send_rest)
    end

    # Logs the error of a failed invocation or init.
    def error(text, error)
      if @json
        record = { timestamp: Time.now.utc.strftime('%Y-%m-%dT%H:%M:%S.%6NZ'), level: 'ERROR', message: text,
                   requestId: $_global_aws_request_id }.compact # rubocop:disable Style/GlobalVars
        @channel.log(JSON.generate(record.merge(JSON.parse(error.to_json))))
      else
        @channel.log("#{text}\n#{error.to_json}")
      end
    end

    # The format of a Logger that writes to the function's output: the standard one, with the request id in it.
    class TextFormatter < Logger::Formatter
      def call(severity, time, progname, msg)
        request = $_global_aws_request_id # rubocop:disable Style/GlobalVars
        stamp = "#{time.strftime(@datetime_format || '%Y-%m-%dT%H:%M:%S.%6N')} ##{Process.pid}"
        format("%s, [%s] %5s %s -- %s: %s\n", severity[0], stamp, severity, request, progname, msg2str(msg))
      end
    end

    # The same under JSON logging.
    class JsonFormatter < Logger::Formatter
      def call(severity, time, progname, msg)
        raised = msg.is_a?(Exception)
        record = { timestamp: time.utc.strftime('%Y-%m-%dT%H:%M:%S.%6NZ'), level: severity,
                   message: raised ? msg.message : msg2str(msg), requestId: $_global_aws_request_id } # rubocop:disable Style/GlobalVars
        record[:logger] = progname.to_s unless progname.to_s.empty?
        record.merge!(about(msg)) if raised
        "#{JSON.generate(record.compact)}\n"
      end

      private

      def about(exception)
        first = exception.backtrace&.first
        place = /\A(?<file>.+):(?<line>\d+):in [`'](?<method>.+)'\z/.match(first.to_s)
        { errorType: exception.class.to_s, errorMessage: exception.message, stackTrace: Array(exception.backtrace),
          location: place ? "#{place[:file]}:#{place[:method]}:#{place[:line]}" : first }
      end
    end

    # Makes Loggers of the function's output write whole records, at the level and in the format of the function.
    module LoggerDefaults
      def initialize(device, *rest, level: Logger::DEBUG, **options)
        outputs = [nil, $stdout, $stderr, STDOUT, STDERR]
        super(outputs.include?(device) && !device.nil? ? RecordOutput.new : device, *rest, level: level, **options)
        return unless outputs.include?(device)

        json = ENV['AWS_LAMBDA_LOG_FORMAT'] == 'JSON'
        @default_formatter = json ? JsonFormatter.new : TextFormatter.new
        wanted = ENV.fetch('AWS_LAMBDA_LOG_LEVEL', nil)
        self.level = wanted == 'TRACE' ? 'DEBUG' : wanted if json && wanted
      end
    end

    # A device of Logger: what is written at once is one record.
    class RecordOutput
      def write(text)
        FunctionLogging.record(text)
      end

      def close; end
    end

    def record(text)
      @channel.log(text.to_s.delete_suffix("\n"))
    end

    # $stdout and $stderr: each line becomes one record, in order with the answer. All else is the original's.
    class LineOutput < IO
      def self.new(channel, original)
        for_fd(original.fileno, 'w', autoclose: false).tap { |output| output.attach(channel) }
      end

      def attach(channel)
        @channel = channel
        @rest = +''
        self.sync = true
      end

      def write(*texts)
        texts.sum do |text|
          text = text.to_s
          *lines, @rest = "#{@rest}#{text}".split("\n", -1)
          lines.each { |line| @channel.log(line) }
          @rest ||= +''
          text.bytesize
        end
      end

      def <<(text)
        write(text)
        self
      end

      def print(*texts)
        write(*texts)
        nil
      end

      def printf(format, *arguments)
        write(format(format, *arguments))
        nil
      end

      def puts(*lines)
        lines = [''] if lines.empty?
        lines.flatten.each { |line| write(line.to_s.end_with?("\n") ? line.to_s : "#{line}\n") }
        nil
      end

      def send_rest
        return if @rest.empty?

        rest = @rest
        @rest = +''
        @channel.log(rest)
      end
    end
  end
end
