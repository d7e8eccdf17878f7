# frozen_string_literal: true

module Lambent
  # The function's handler: `file.method`, or `file.Module::Class.method` for a method of a class.
  class Handler
    # What a handler raised; `critical` for what is no StandardError, and for names that do not exist.
    class Failure < StandardError
      attr_reader :error, :critical

      def initialize(exception, critical:)
        @error = Errors.new(exception)
        @critical = critical
        super(exception.message)
      end
    end

    attr_reader :file

    def initialize(name)
      parts = name.split('.')
      @file, @owner, @method = parts.length == 2 ? [parts[0], nil, parts[1]] : parts
      return if parts.length.between?(2, 3)

      raise ArgumentError, "Invalid handler #{parts}, must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD where " \
                           'FILENAME corresponds with an existing Ruby source file FILENAME.rb, CLASS is an optional ' \
                           'module/class namespace and METHOD is a callable method. If using CLASS, METHOD must be a ' \
                           'class-level method.'
    end

    # Returns the bytes of the answer and their content type, nil for JSON. Raises Failure.
    def call(event_json, context)
      event = JSON.parse(event_json.force_encoding(Encoding::UTF_8))
      receiver = @owner ? Kernel.const_get(@owner) : TOPLEVEL
      answer(receiver.__send__(@method, event: event, context: context))
    rescue NameError => e
      raise Failure.new(e, critical: true)
    rescue StandardError => e
      raise Failure.new(e, critical: false)
    rescue Exception => e # rubocop:disable Lint/RescueException
      raise Failure.new(e, critical: true)
    end

    TOPLEVEL = TOPLEVEL_BINDING.receiver
    private_constant :TOPLEVEL

    private

    def answer(result)
      case result
      when StringIO, IO then [result.read, 'application/unknown']
      else [result.to_json, nil]
      end
    end
  end
end
