# frozen_string_literal: true

module Lambent
  # The body of a failed invocation or init: what was raised, named `Function<Class>`, `Runtime<Class>` or `Init<Class>`.
  class Errors
    attr_reader :type, :message, :trace

    def self.too_large
      message = 'Response payload size exceeded maximum allowed payload size (6291556 bytes).'
      new(nil).tap { |error| error.name('Function.ResponseSizeTooLarge', message) }
    end

    def initialize(exception, kind = 'Function')
      @type = "#{kind}<#{exception.class}>"
      @message = exception.nil? ? '' : exception.message.to_s
      @trace = own_frames(exception&.backtrace)
    end

    def name(type, message)
      @type = type
      @message = message
    end

    def to_json(*)
      JSON.generate({ errorMessage: utf8(message), errorType: utf8(type), stackTrace: trace.map { |line| utf8(line) } })
    end

    private

    # As far as the function's code goes: the runtime's frames come last.
    def own_frames(backtrace)
      (backtrace || []).take_while { |line| !line.start_with?(OWN_FOLDER) }.first(100)
    end

    OWN_FOLDER = File.dirname(__dir__).to_s
    private_constant :OWN_FOLDER

    def utf8(text)
      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end
  end
end
