# frozen_string_literal: true

module Lambent
  # The function's end of the frame channel; the wire format is described in src/sandbox/frames.ts.
  class Channel
    ASSIGN = 1
    INVOKE = 2
    BOOTED = 16
    READY = 17
    INIT_ERROR = 18
    RESPONSE = 19
    ERROR = 20
    LOG = 21

    MAX_FRAME_BYTES = 64 * 1024 * 1024
    # Payloads near the frame limit are refused here; AWS's own limit, which is far lower, is the platform's to keep.
    MAX_PAYLOAD_BYTES = 32 * 1024 * 1024

    # Splits a body of the `u16 length, JSON head, raw payload` kind.
    def self.split_head(body)
      length = body.unpack1('n')
      [JSON.parse(body.byteslice(2, length).force_encoding(Encoding::UTF_8)), body.byteslice((2 + length)..)]
    end

    def initialize(number)
      @io = IO.for_fd(number, 'r+b', autoclose: false)
      @io.sync = true
      @io.close_on_exec = true
      @owner = Process.pid
      # The function's threads may log while another record or the response is being written.
      @lock = Mutex.new
    end

    # The body of the next frame of `type`; others are passed over. Ends the process when the platform has gone.
    def read_frame(type)
      loop do
        length = (@io.read(4) || exit!(0)).unpack1('N')
        raise "frame of #{length} bytes" unless length.between?(1, MAX_FRAME_BYTES)

        frame = @io.read(length)
        exit!(0) if frame.nil? || frame.bytesize < length
        return frame.byteslice(1..) if frame.getbyte(0) == type
      end
    end

    def send_frame(type, body)
      write([1 + body.bytesize, type].pack('NC') + body.b)
    end

    def send_response(request_id, payload, content_type)
      return send_error(ERROR, request_id, Errors.too_large) if payload.bytesize > MAX_PAYLOAD_BYTES

      head = { requestId: request_id }
      head[:contentType] = content_type if content_type
      send_parts(RESPONSE, head, payload)
    end

    # `request_id` is nil at init; `fatal` says that the process ends after this frame.
    def send_error(frame_type, request_id, error, fatal: false)
      head = { errorType: error.type }
      head[:requestId] = request_id if request_id
      head[:fatal] = true if fatal
      send_parts(frame_type, head, error.to_json)
    end

    # Sends one record, without its final line break. In a child of the function's process it goes to stdout instead.
    def log(text)
      return $stdout.syswrite("#{text}\n") if Process.pid != @owner

      time = Process.clock_gettime(Process::CLOCK_REALTIME, :float_millisecond)
      send_parts(LOG, { time: time }, text.byteslice(0, MAX_PAYLOAD_BYTES))
    end

    private

    def send_parts(type, head, payload)
      head = JSON.generate(head)
      write([3 + head.bytesize + payload.bytesize, type, head.bytesize].pack('NCn') + head.b + payload.b)
    end

    def write(bytes)
      # A signal handler that interrupts a thread in here must not wait for that thread.
      return @io.write(bytes) if @lock.owned?

      @lock.synchronize { @io.write(bytes) }
    end
  end
end
