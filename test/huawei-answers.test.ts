import { describe, expect, test } from "vitest";
import { AnswerUnclear, answerOf } from "../src/clouds/huawei-answers.ts";
import { explain, unknownSays } from "../src/clouds/huawei-errors.ts";
import { NotSent } from "../src/seams.ts";

const jobPath = "/v1/p/jobs/{job}";
const ecs = (code: string, message = "m") => ({ error: { code, message } });

async function verdict(status: number, body: unknown): Promise<string> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "x-request-id": "7f2a" };
  try {
    const answer = await answerOf(Promise.resolve({ status, headers, body: text }), jobPath);
    return Object.keys(answer).join();
  } catch (error) {
    if (error instanceof AnswerUnclear) return "nobody knows";
    throw error;
  }
}

describe("what the answer to an order means", () => {
  test.each<[status: number, body: unknown, expected: string, why: string]>([
    [200, { job_id: "ff80" }, "accepted", "a job is the acceptance"],
    [202, { job_id: "ff80" }, "accepted", "taken and delayed, because the cloud is busy"],
    [202, ecs("Common.0024"), "notSent", "throttled, though the status is a good one"],
    [429, { error_code: "APIGW.0308", error_msg: "m", request_id: "r" }, "notSent", "throttled by the gateway"],
    [429, ecs("Common.1503"), "notSent", "throttled by the API"],
    [429, "", "notSent", "throttled without a word"],
    [400, ecs("IMG.0060"), "notSent", "throttled by IMS"],
    [400, ecs("Ecs.0031"), "refused", "the image does not exist"],
    [400, ecs("Ecs.0605"), "refused", "locked"],
    [403, ecs("Pdp.0001"), "refused", "no permission"],
    [404, ecs("Ecs.0114"), "refused", "no such server"],
    [401, { error_code: "APIGW.0301", error_msg: "m", request_id: "r" }, "refused", "a wrong signature never gets in"],
    [404, { itemNotFound: { message: "m", code: 404 } }, "refused", "Nova has no such server"],
    [400, ecs("Ecs.9999"), "refused", "a code of tomorrow, but the service itself says no"],
    [400, ecs("Ecs.0100"), "nobody knows", "it was seen fit a moment ago, so this may be our own order at work"],
    [501, ecs("Ecs.0603"), "nobody knows", "another command runs: it may be our own"],
    [409, { conflictingRequest: { message: "m", code: 409 } }, "nobody knows", "the same, in the words of Nova"],
    [400, ecs("Ecs.1002"), "nobody knows", "a time-out behind the API"],
    [400, ecs("Ecs.1300"), "nobody knows", "a time-out behind the API"],
    [500, ecs("Common.0001"), "nobody knows", "a 5xx proves nothing"],
    [500, ecs("Ecs.0031"), "nobody knows", "a 5xx proves nothing, whatever its code"],
    [503, "<html>", "nobody knows", "something between us and the cloud"],
    [403, "<html>", "nobody knows", "something between us and the cloud"],
    [400, { code: "Proxy.1", message: "m" }, "nobody knows", "a code of nobody's"],
    [200, {}, "nobody knows", "a good status without a job"],
    [202, {}, "nobody knows", "a good status without a job"],
    [200, ecs("Ecs.0031"), "nobody knows", "a good status with an error that is not throttling"],
    [307, "", "nobody knows", "a redirect is not followed"],
  ])("%i %j is %s: %s", async (status, body, expected) => {
    expect(await verdict(status, body)).toBe(expected);
  });

  test("the receipt is the id of the job, with the way to it and the id of the request", async () => {
    const response = { status: 200, headers: { "x-request-id": "7f2a" }, body: '{"job_id":"ff80"}' };
    expect(await answerOf(Promise.resolve(response), jobPath)).toEqual({
      accepted: { id: "ff80", facts: { job: "/v1/p/jobs/ff80", request: "7f2a" } },
    });
  });

  test("no connection means not sent; any other trouble of the line means that nobody knows", async () => {
    const notSent = await answerOf(Promise.reject(new NotSent("refused")), jobPath);
    expect(notSent).toMatchObject({ notSent: { code: "not-connected" } });
    const cut = answerOf(Promise.reject(new Error("socket hang up")), jobPath);
    await expect(cut).rejects.toThrow("socket hang up");
  });

  test("nothing that the cloud wrote gets into an error or a sentence: it may repeat the password", async () => {
    const echo = ecs("Ecs.1002", "adminpass Correct-Horse-7 timed out");
    const unclear = answerOf(Promise.resolve({ status: 400, headers: {}, body: JSON.stringify(echo) }), jobPath);
    await expect(unclear).rejects.not.toThrow("Correct-Horse-7");
    expect(JSON.stringify(explain("Ecs.0011", "adminpass Correct-Horse-7"))).not.toContain("Correct-Horse-7");
  });
});

/** The codes of ECS, as its documents list them: https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/appendix/error_codes.html */
const listed = `
  Ecs.0000 Ecs.0001 Ecs.0002 Ecs.0003 Ecs.0004 Ecs.0005 Ecs.0007 Ecs.0008 Ecs.0009 Ecs.0010 Ecs.0011
  Ecs.0012 Ecs.0013 Ecs.0014 Ecs.0015 Ecs.0017 Ecs.0021 Ecs.0022 Ecs.0023 Ecs.0025 Ecs.0029 Ecs.0030
  Ecs.0031 Ecs.0032 Ecs.0034 Ecs.0036 Ecs.0037 Ecs.0038 Ecs.0039 Ecs.0041 Ecs.0042 Ecs.0043 Ecs.0044
  Ecs.0045 Ecs.0046 Ecs.0048 Ecs.0050 Ecs.0051 Ecs.0052 Ecs.0053 Ecs.0057 Ecs.0058 Ecs.0062 Ecs.0064
  Ecs.0066 Ecs.0067 Ecs.0068 Ecs.0069 Ecs.0070 Ecs.0071 Ecs.0073 Ecs.0074 Ecs.0075 Ecs.0085 Ecs.0086
  Ecs.0090 Ecs.0100 Ecs.0101 Ecs.0102 Ecs.0103 Ecs.0104 Ecs.0105 Ecs.0106 Ecs.0110 Ecs.0111 Ecs.0114
  Ecs.0118 Ecs.0121 Ecs.0201 Ecs.0202 Ecs.0203 Ecs.0204 Ecs.0205 Ecs.0207 Ecs.0208 Ecs.0209 Ecs.0210
  Ecs.0211 Ecs.0212 Ecs.0213 Ecs.0214 Ecs.0216 Ecs.0217 Ecs.0219 Ecs.0221 Ecs.0226 Ecs.0227 Ecs.0301
  Ecs.0302 Ecs.0303 Ecs.0304 Ecs.0306 Ecs.0307 Ecs.0308 Ecs.0309 Ecs.0310 Ecs.0311 Ecs.0313 Ecs.0314
  Ecs.0315 Ecs.0319 Ecs.0320 Ecs.0321 Ecs.0322 Ecs.0323 Ecs.0401 Ecs.0402 Ecs.0403 Ecs.0405 Ecs.0501
  Ecs.0502 Ecs.0503 Ecs.0507 Ecs.0603 Ecs.0605 Ecs.0611 Ecs.0614 Ecs.0615 Ecs.0616 Ecs.0617 Ecs.0618
  Ecs.0707 Ecs.0810 Ecs.0905 Ecs.0906 Ecs.0907 Ecs.0908 Ecs.0909 Ecs.0911 Ecs.0912 Ecs.0913 Ecs.0914
  Ecs.0915 Ecs.0919 Ecs.1000 Ecs.1001 Ecs.1002 Ecs.1100 Ecs.1200 Ecs.1201 Ecs.1300 Pdp.0001 Common.0024
  Common.0002 Common.0011 Common.0018 Common.0020 Common.0021 Common.0022 Common.0999 Common.0025
  Common.0026 Common.0013 Common.0001 Common.1503
`
  .trim()
  .split(/\s+/);

/** Answers to calls that are never made here: resizing, recovery, descriptions, bandwidth, drivers, tags and names. */
const ofOtherCalls = new Set(
  "Ecs.0009 Ecs.0036 Ecs.0041 Ecs.0045 Ecs.0062 Ecs.0810 Ecs.0905 Ecs.0906 Ecs.0907 Ecs.0908 Ecs.0914 Ecs.0915".split(
    " ",
  ),
);

/** What reading images and disks, and the gateway before all of them, can answer. */
const others =
  "IMG.0001 IMG.0017 IMG.0024 IMG.0025 IMG.0026 IMG.0027 IMG.0030 IMG.0031 IMG.0046 IMG.0060 IMG.0061 IMG.0064 IMG.0065 IMG.0067 IMG.0086 IMG.0087 IMG.0122 IMG.0144 IMG.0161 IMG.0191 IMG.0192 APIGW.0101 APIGW.0301 APIGW.0303 APIGW.0308 conflictingRequest badRequest itemNotFound forbidden".split(
    " ",
  );

describe("the table of errors", () => {
  test.each([...listed.filter((code) => !ofOtherCalls.has(code)), ...others])(
    "%s has a sentence of its own",
    (code) => {
      const { says, known } = explain(code, "");
      expect(known).toBe(true);
      expect(says).not.toBe(unknownSays);
      expect(says).toMatch(/^[A-Z].*\.$/s);
    },
  );

  test("codes of calls that are never made are left out of it", () => {
    const unknown = [...ofOtherCalls].filter((code) => explain(code, "").known);
    expect(unknown).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test("a flavour that does not fit the image is told apart from other invalid values", () => {
    expect(explain("Ecs.0005", "The flavor does not match the image.").says).toContain("does not fit the flavour");
    expect(explain("Ecs.0005", "Invalid parameter values.").says).toContain("a value does not fit");
  });
});
