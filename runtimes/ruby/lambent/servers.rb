# frozen_string_literal: true

module Lambent
  # Hands the platform listening sockets from inside the sandbox, in the format of Node's child_process IPC channel.
  module Servers
    module_function

    # Listens at both ports, gives the servers to the parent, and closes the channel.
    def hand_over
      channel = UNIXSocket.for_fd(Integer(ENV.fetch('NODE_CHANNEL_FD')))
      { runtimeApi: 'LAMBENT_RUNTIME_API_PORT', endpoint: 'LAMBENT_ENDPOINT_PORT' }.each do |name, variable|
        hand_over_one(channel, name, Integer(ENV.fetch(variable, '0')))
      end
      channel.close
    end

    def hand_over_one(channel, name, wanted_port)
      server = TCPServer.new('127.0.0.1', wanted_port)
      server.listen(511)
      inner = { server: name, port: server.local_address.ip_port }
      message = JSON.generate(cmd: 'NODE_HANDLE', type: 'net.Server', msg: inner)
      channel.sendmsg("#{message}\n", 0, nil, Socket::AncillaryData.unix_rights(server))
      # Closing before the parent has taken the handle could lose it.
      answer = +''
      answer << channel.readpartial(4096) until answer.include?('NODE_HANDLE_ACK') && answer.end_with?("\n")
      server.close
    end
  end
end
