// The fake driver plays a runtime as its script says.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { encodeJsonFrame, FrameType } from '../frames.ts';
import { FakeDriver, SandboxBootError } from '../index.ts';
import { testBuild } from '../testing/build.ts';

const assignment = { taskDir: '/code', optDir: null, memoryMib: 128, ephemeralStorageMib: 512 };

describe('the fake driver', () => {
  it('answers frames by its script, and remembers what happened', async () => {
    const driver = new FakeDriver((frame, sandbox) => {
      if (frame.type === FrameType.assign) sandbox.answer(encodeJsonFrame(FrameType.ready, {}));
    });
    const sandbox = await driver.boot({ id: 'a', build: testBuild });
    await sandbox.assign(assignment);
    sandbox.frames.write(encodeJsonFrame(FrameType.assign, {}));
    const [answer] = (await once(sandbox.frames, 'data')) as [Buffer];
    assert.equal(answer[4], FrameType.ready);
    sandbox.limitCpu();
    sandbox.freeze();
    sandbox.freeze();
    sandbox.thaw();
    await sandbox.kill();
    assert.deepEqual(sandbox.calls, ['assign', 'limitCpu', 'freeze', 'thaw', 'kill']);
    assert.equal((await sandbox.exited).signal, 'SIGKILL');
    assert.equal(driver.sandboxes.size, 0);
  });

  it('ends as it is told, and boots no more once closed', async () => {
    const driver = new FakeDriver(() => {});
    const sandbox = await driver.boot({ id: 'a', build: testBuild });
    sandbox.exit({ code: 3 });
    assert.deepEqual(await sandbox.exited, { code: 3, signal: null, outOfMemory: false });
    await driver.close();
    await assert.rejects(driver.boot({ id: 'b', build: testBuild }), SandboxBootError);
  });

  it('fails to boot when it is told to', async () => {
    const driver = new FakeDriver(() => {});
    driver.bootFailure = new SandboxBootError('no room');
    await assert.rejects(driver.boot({ id: 'a', build: testBuild }), /no room/);
    await driver.close();
  });
});
