import { describe, expect, test } from "vitest";
import type { Act } from "../src/clouds/cloud.ts";
import { answerOf } from "../src/clouds/tencent-answers.ts";
import { Unclear } from "../src/clouds/tencent-call.ts";
import { Secret } from "../src/secret.ts";
import { orderFor, reading } from "./tencent-samples.ts";

const reset: Act = {
  kind: "once",
  act: "reinstall",
  id: "r1/1/reinstall",
  order: orderFor(reading()),
  secret: new Secret("Canary-4711"),
};
const stop: Act = { kind: "converge", act: "stop", hard: false };
const start: Act = { kind: "converge", act: "start" };

function kindOf(act: Act, code: string, message = ""): string {
  try {
    return Object.keys(answerOf(act, { requestId: "7f2a", taken: false, code, message }))[0] ?? "";
  } catch (error) {
    return error instanceof Unclear ? "unclear" : "another error";
  }
}

test("an answer without an error is the receipt", () => {
  expect(answerOf(reset, { requestId: "7f2a", taken: true })).toEqual({ accepted: { id: "7f2a", facts: {} } });
});

describe("answers to a reinstall and to a stop", () => {
  const inProgress =
    "The request does not support the instances `ins-xlsyru2j` which are in operation or in a special state.";
  const table = [
    { code: "RequestLimitExceeded", reinstall: "notSent", stop: "notSent" },
    { code: "RequestLimitExceeded.UinLimitExceeded", reinstall: "notSent", stop: "notSent" },
    { code: "UnsupportedOperation.InstanceChargeType", reinstall: "refused", stop: "refused" },
    { code: "InvalidParameterValue.InvalidPassword", reinstall: "refused", stop: "refused" },
    { code: "InvalidInstanceId.NotFound", reinstall: "refused", stop: "refused" },
    { code: "AuthFailure.SignatureExpire", reinstall: "refused", stop: "refused" },
    { code: "UnauthorizedOperation.MFAExpired", reinstall: "refused", stop: "refused" },
    { code: "ResourceInsufficient.CloudDiskSoldOut", reinstall: "refused", stop: "refused" },
    { code: "InvalidInstance.NotSupported", reinstall: "refused", stop: "refused" },
    { code: "InvalidInstance.NotSupported", message: inProgress, reinstall: "unclear", stop: "notSent" },
    { code: "OperationDenied.InstanceOperationInProgress", reinstall: "unclear", stop: "notSent" },
    { code: "MutexOperation.TaskRunning", reinstall: "unclear", stop: "notSent" },
    { code: "ResourceInUse", reinstall: "unclear", stop: "notSent" },
    { code: "UnsupportedOperation.InstanceStateStopping", reinstall: "refused", stop: "notSent" },
    { code: "InternalError", reinstall: "unclear", stop: "unclear" },
    { code: "InternalError.TradeUnknownError", reinstall: "unclear", stop: "unclear" },
    { code: "InternalServerError", reinstall: "unclear", stop: "unclear" },
    { code: "ServiceUnavailable", reinstall: "unclear", stop: "unclear" },
    { code: "FailedOperation", reinstall: "unclear", stop: "unclear" },
    { code: "SomethingNew.NobodyKnows", reinstall: "unclear", stop: "unclear" },
  ];
  test.each(table)(
    "$code $message: reinstall $reinstall, stop $stop",
    ({ code, message, reinstall, stop: stopped }) => {
      expect(kindOf(reset, code, message)).toBe(reinstall);
      expect(kindOf(stop, code, message)).toBe(stopped);
    },
  );
});

test("stopping what is stopped and starting what runs is success; the other way round is not", () => {
  expect(kindOf(stop, "UnsupportedOperation.InstanceStateStopped")).toBe("accepted");
  expect(kindOf(start, "UnsupportedOperation.InstanceStateRunning")).toBe("accepted");
  expect(kindOf(start, "UnsupportedOperation.InstanceStateStopped")).toBe("refused");
  expect(kindOf(stop, "UnsupportedOperation.InstanceStateRunning")).toBe("refused");
});

test("a refusal carries the provider's code and request id, and our sentence", () => {
  const reply = {
    requestId: "7f2a",
    taken: false,
    code: "UnsupportedOperation.InstanceChargeType",
    message: "x",
  } as const;
  expect(answerOf(reset, reply)).toEqual({
    refused: {
      code: "UnsupportedOperation.InstanceChargeType",
      requestId: "7f2a",
      says: "The server's billing mode does not allow this: spot instances cannot be reinstalled. Release it and create a new one.",
    },
  });
});

test("a password that the provider repeats is in no refusal and in no error", () => {
  for (const code of ["InvalidParameterValue.InvalidPassword", "UnsupportedOperation", "InternalError", "New.Code"]) {
    let shown = "";
    try {
      shown = JSON.stringify(answerOf(reset, { requestId: "7f2a", taken: false, code, message: "bad: Canary-4711" }));
    } catch (error) {
      shown = String(error);
    }
    expect(shown).not.toContain("Canary-4711");
  }
});
