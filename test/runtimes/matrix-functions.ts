// One function in each language that does what its event asks for, and a layer with a library of each.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ZipEntry, zipOf } from '../zip.ts';

export interface MatrixFunction {
  family: string;
  handler: string;
  /** The deployment package. */
  code: Buffer;
  /** Path to a library in a layer, whose `greeting` the function reads on `{"do": "layer"}`; null where there is none. */
  layer: Record<string, string | Buffer>;
  /** What the error of `{"do": "throw"}` is called. */
  errorType: string;
  /** Whether AWS_LAMBDA_EXEC_WRAPPER is for it. */
  wrapped: boolean;
}

const wrapper: ZipEntry = {
  name: 'wrapper',
  content: '#!/bin/bash\nexport WRAPPED="$#"\nexec "$@"\n',
  mode: 0o100755,
};

/** A layer of `files`, a wrapper script, and a program on PATH. */
export function layerOf(files: Record<string, string | Buffer>): Buffer {
  const program = { name: 'bin/greet', content: '#!/bin/sh\necho hello from PATH\n', mode: 0o100755 };
  return zipOf([wrapper, program, ...Object.entries(files).map(([name, content]) => ({ name, content }))]);
}

const node: MatrixFunction = {
  family: 'nodejs',
  handler: 'index.handler',
  code: zipOf({
    'index.js': `
const { execSync } = require('node:child_process');
exports.handler = async (event, context) => {
  if (event.do === 'env') return process.env;
  if (event.do === 'throw') throw new TypeError('no such luck');
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'hang') await new Promise((resolve) => setTimeout(resolve, 60000));
  if (event.do === 'layer') return [require('greet').greeting, execSync('greet').toString().trim()];
  console.log('seen %s', event.text);
  return { event, requestId: context.awsRequestId, left: context.getRemainingTimeInMillis() };
};`,
  }),
  layer: { 'nodejs/node_modules/greet/index.js': "exports.greeting = 'hello';" },
  errorType: 'TypeError',
  wrapped: true,
};

const python: MatrixFunction = {
  family: 'python',
  handler: 'app.handler',
  code: zipOf({
    'app.py': `
import os, subprocess, time
def handler(event, context):
    do = event.get("do")
    if do == "env": return dict(os.environ)
    if do == "throw": raise TypeError("no such luck")
    if do == "exit": os._exit(3)
    if do == "hang": time.sleep(60)
    if do == "layer":
        import greet
        return [greet.greeting, subprocess.check_output("greet", text=True).strip()]
    print("seen", event["text"])
    return {"event": event, "requestId": context.aws_request_id, "left": context.get_remaining_time_in_millis()}
`,
  }),
  layer: { 'python/greet.py': "greeting = 'hello'\n" },
  errorType: 'TypeError',
  wrapped: true,
};

/** Gems are kept by the version of the Ruby that they are for. */
const ruby = (version: string): MatrixFunction => ({
  family: 'ruby',
  handler: 'app.Api::Orders.handle',
  code: zipOf({
    'app.rb': `
module Api
  class Orders
    def self.handle(event:, context:)
      case event['do']
      when 'env' then ENV.to_h
      when 'throw' then raise 'no such luck'
      when 'exit' then exit!(3)
      when 'hang' then sleep 60
      when 'layer'
        require 'greet'
        [GREETING, \`greet\`.strip]
      else
        puts "seen #{event['text']}"
        { event: event, requestId: context.aws_request_id, left: context.get_remaining_time_in_millis }
      end
    end
  end
end
`,
  }),
  layer: {
    [`ruby/gems/${version}.0/gems/greet-1.0/lib/greet.rb`]: "GREETING = 'hello'\n",
    [`ruby/gems/${version}.0/specifications/greet-1.0.gemspec`]:
      "Gem::Specification.new { |s| s.name = 'greet'; s.version = '1.0'; s.summary = ''; s.authors = ['x'] }\n",
  },
  errorType: 'Function<RuntimeError>',
  wrapped: true,
});

const shell: MatrixFunction = {
  family: 'provided',
  handler: 'any',
  code: zipOf([
    {
      name: 'bootstrap',
      mode: 0o100755,
      content: `#!/usr/bin/env python3
import json, os, subprocess, time, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(api + "next") as request:
        id, event = request.headers["Lambda-Runtime-Aws-Request-Id"], json.load(request)
        left = int(request.headers["Lambda-Runtime-Deadline-Ms"]) - int(time.time() * 1000)
    do, path = event.get("do"), "/response"
    if do == "exit": os._exit(3)
    if do == "hang": time.sleep(60)
    if do == "env": answer = dict(os.environ)
    elif do == "layer": answer = ["hello", subprocess.check_output("greet", text=True).strip()]
    elif do == "throw": path, answer = "/error", {"errorType": "Function.Luck", "errorMessage": "no such luck"}
    else:
        print("seen", event["text"], flush=True)
        answer = {"event": event, "requestId": id, "left": left}
    urllib.request.urlopen(api + id + path, json.dumps(answer).encode()).read()
`,
    },
  ]),
  layer: {},
  errorType: 'Function.Luck',
  wrapped: false,
};

const javaSource = `
package example;
import com.amazonaws.services.lambda.runtime.*;
import java.io.*;
import java.util.*;
public class Handler implements RequestHandler<Map<String, Object>, Object> {
  public Object handleRequest(Map<String, Object> event, Context context) {
    String what = String.valueOf(event.get("do"));
    switch (what) {
      case "env": return System.getenv();
      case "throw": throw new IllegalArgumentException("no such luck");
      case "exit": Runtime.getRuntime().halt(3);
      case "hang": pause();
      case "layer": return layer();
    }
    System.out.println("seen " + event.get("text"));
    Map<String, Object> answer = new HashMap<>();
    answer.put("event", event);
    answer.put("requestId", context.getAwsRequestId());
    answer.put("left", context.getRemainingTimeInMillis());
    return answer;
  }
  private static void pause() {
    try { Thread.sleep(60000); } catch (InterruptedException e) { throw new RuntimeException(e); }
  }
  private static Object layer() {
    try {
      Object greeting = Class.forName("greet.Greet", true, Thread.currentThread().getContextClassLoader()).getField("greeting").get(null);
      Process process = new ProcessBuilder("greet").start();
      return Arrays.asList(greeting, new BufferedReader(new InputStreamReader(process.getInputStream())).readLine());
    } catch (Exception e) { throw new RuntimeException(e); }
  }
}`;

/** Compiled by `javac`, against the libraries in `folder`. */
function java(javac: string, libraries: string): MatrixFunction {
  return {
    family: 'java',
    handler: 'example.Handler::handleRequest',
    code: compileJava(javac, libraries, { 'example/Handler.java': javaSource }),
    layer: {
      'java/lib/greet.jar': compileJava(javac, libraries, {
        'greet/Greet.java': 'package greet; public class Greet { public static final String greeting = "hello"; }',
      }),
    },
    errorType: 'java.lang.IllegalArgumentException',
    wrapped: true,
  };
}

/** A jar of the classes that `sources` make. */
export function compileJava(javac: string, libraries: string, sources: Record<string, string>): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambent-javac-'));
  try {
    for (const [name, text] of Object.entries(sources)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const out = path.join(folder, 'out');
    const options = ['--release', '8', '-Xlint:-options', '-cp', path.join(libraries, '*'), '-d', out];
    execFileSync(javac, [...options, ...Object.keys(sources)], { cwd: folder, stdio: 'pipe' });
    execFileSync(path.join(path.dirname(javac), 'jar'), ['cf', 'code.jar', '-C', 'out', '.'], { cwd: folder });
    return readFileSync(path.join(folder, 'code.jar'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const matrixFunctions = { node, python, ruby, shell, java };
