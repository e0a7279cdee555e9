import { describe, expect, test } from "vitest";
import { verdicts } from "../src/clouds/tencent-answers.ts";
import { sentences } from "../src/clouds/tencent-errors.ts";
import { excerpt, knownSentence, sentenceOf } from "../src/clouds/tencent-sentence.ts";
import { Secret } from "../src/secret.ts";

// https://www.tencentcloud.com/document/product/213/33242, all 67 codes; then those of the other calls and of every API.
const resetInstance = `
FailedOperation.InvalidInstanceApplicationRoleEmr
InternalError.TradeUnknownError
InternalServerError
InvalidAccount.InsufficientBalance
InvalidAccount.UnpaidOrder
InvalidImageId.Malformed
InvalidImageId.NotFound
InvalidInstance.NotSupported
InvalidInstanceId.Malformed
InvalidInstanceId.NotFound
InvalidInstanceType.Malformed
InvalidKeyPairId.Malformed
InvalidParameter.HostNameIllegal
InvalidParameter.InstanceImageNotSupport
InvalidParameter.ParameterConflict
InvalidParameterValue
InvalidParameterValue.IllegalHostName
InvalidParameterValue.InstanceIdMalformed
InvalidParameterValue.InstanceTypeNotFound
InvalidParameterValue.InvalidAppIdFormat
InvalidParameterValue.InvalidImageForGivenInstanceType
InvalidParameterValue.InvalidImageFormat
InvalidParameterValue.InvalidImageId
InvalidParameterValue.InvalidImageIdForRetsetInstance
InvalidParameterValue.InvalidImageState
InvalidParameterValue.InvalidPassword
InvalidParameterValue.InvalidUserDataFormat
InvalidParameterValue.KeyPairNotFound
InvalidParameterValue.LimitExceeded
InvalidParameterValue.RequiredLocationImage
InvalidParameterValue.ZoneNotSupported
MissingParameter
MissingParameter.MonitorService
MutexOperation.TaskRunning
OperationDenied.ChcInstallCloudImageWithoutDeployNetwork
OperationDenied.InstanceOperationInProgress
ResourceInUse
ResourceInsufficient.CloudDiskSoldOut
ResourceNotFound.KeyPairNotFound
ResourcesSoldOut.SpecifiedInstanceType
UnauthorizedOperation.InvalidToken
UnauthorizedOperation.MFAExpired
UnauthorizedOperation.MFANotFound
UnsupportedOperation
UnsupportedOperation.InstanceChargeType
UnsupportedOperation.InstanceStateCorrupted
UnsupportedOperation.InstanceStateEnterRescueMode
UnsupportedOperation.InstanceStateEnterServiceLiveMigrate
UnsupportedOperation.InstanceStateExitRescueMode
UnsupportedOperation.InstanceStateExitServiceLiveMigrate
UnsupportedOperation.InstanceStateFreezing
UnsupportedOperation.InstanceStateIsolating
UnsupportedOperation.InstanceStatePending
UnsupportedOperation.InstanceStateRebooting
UnsupportedOperation.InstanceStateRescueMode
UnsupportedOperation.InstanceStateServiceLiveMigrate
UnsupportedOperation.InstanceStateShutdown
UnsupportedOperation.InstanceStateStarting
UnsupportedOperation.InstanceStateStopping
UnsupportedOperation.InstanceStateTerminated
UnsupportedOperation.InstanceStateTerminating
UnsupportedOperation.InstanceTypeNotSupportGridLicence
UnsupportedOperation.InvalidImageLicenseTypeForReset
UnsupportedOperation.KeyPairUnsupportedWindows
UnsupportedOperation.ModifyEncryptionNotSupported
UnsupportedOperation.RawLocalDiskInsReinstalltoQcow2
UnsupportedOperation.StoppedModeStopCharging
`;
const otherCalls = `
FailedOperation.IllegalTagKey
FailedOperation.IllegalTagValue
FailedOperation.InquiryPriceFailed
FailedOperation.TagKeyReserved
InvalidFilter
InvalidFilterValue.LimitExceeded
InvalidHostId.Malformed
InvalidKeyPair.LimitExceeded
InvalidParameter
InvalidParameter.InvalidParameterCoexistImageIdsFilters
InvalidParameterCombination
InvalidParameterValue.IPAddressMalformed
InvalidParameterValue.IPv6AddressMalformed
InvalidParameterValue.InvalidImageOsName
InvalidParameterValue.InvalidIpFormat
InvalidParameterValue.InvalidParameterValueLimit
InvalidParameterValue.InvalidTimeFormat
InvalidParameterValue.InvalidVagueName
InvalidParameterValue.SubnetIdMalformed
InvalidParameterValue.TagKeyNotFound
InvalidParameterValue.UuidMalformed
InvalidParameterValue.VpcIdMalformed
InvalidParameterValueLimit
InvalidParameterValueOffset
InvalidRegion.NotFound
InvalidSecurityGroupId.NotFound
InvalidSgId.Malformed
InvalidZone.MismatchRegion
ResourceInsufficient.CloudDiskUnavailable
ResourceNotFound.HpcCluster
UnauthorizedOperation.PermissionDenied
UnsupportedOperation.HibernationForNormalInstance
UnsupportedOperation.InstanceReinstallFailed
UnsupportedOperation.InstanceStateBanning
UnsupportedOperation.InstanceStateRunning
UnsupportedOperation.InstanceStateStopped
`;
const anyApi = `
ActionOffline
AuthFailure.InvalidAuthorization
AuthFailure.InvalidSecretId
AuthFailure.MFAFailure
AuthFailure.SecretIdNotFound
AuthFailure.SignatureExpire
AuthFailure.SignatureFailure
AuthFailure.TokenFailure
AuthFailure.UnauthorizedOperation
DryRunOperation
FailedOperation
InternalError
InvalidAction
InvalidParameter
InvalidParameterValue
InvalidRequest
IpInBlacklist
IpNotInWhitelist
LimitExceeded
MissingParameter
NoSuchProduct
NoSuchVersion
RequestLimitExceeded
RequestLimitExceeded.IPLimitExceeded
RequestLimitExceeded.UinLimitExceeded
RequestLimitExceeded.GlobalRegionUinLimitExceeded
RequestSizeLimitExceeded
ResourceInUse
ResourceInsufficient
ResourceNotFound
ResourceUnavailable
ResponseSizeLimitExceeded
ServiceUnavailable
UnauthorizedOperation
UnknownParameter
UnsupportedOperation
UnsupportedProtocol
UnsupportedRegion
`;

const codes = (text: string): string[] => text.trim().split("\n");

test("the list of ResetInstance has its 67 codes", () => {
  expect(new Set(codes(resetInstance)).size).toBe(67);
});

describe("no code of ResetInstance reaches the default sentence, nor one that only its beginning has", () => {
  test.each(codes(resetInstance))("%s", (code) => {
    expect(sentences.has(code)).toBe(true);
    expect(sentenceOf(code, "MESSAGE")).not.toMatch(/do not know|MESSAGE/);
  });
});

describe("no code of the other calls reaches the default sentence", () => {
  test.each([...codes(otherCalls), ...codes(anyApi)])("%s", (code) => {
    expect(sentenceOf(code, "MESSAGE")).not.toMatch(/do not know|MESSAGE/);
  });
});

test("every sentence says something, ends with a full stop, and fits a phone", () => {
  for (const says of sentences.values()) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(says.length).toBeGreaterThan(20);
    expect(says.length).toBeLessThanOrEqual(160);
  }
});

test("a sentence that nothing happened belongs to a code after which nothing happened", () => {
  for (const [code, says] of sentences) {
    const verdict = verdicts.get(code) ?? verdicts.get(code.split(".")[0] ?? "");
    if (/Nothing happened|did nothing/.test(says)) expect([code, verdict]).not.toEqual([code, "unclear"]);
  }
});

test("an unknown code goes by its longest known beginning", () => {
  expect(knownSentence("InvalidParameterValue.BrandNew")).toBe(sentences.get("InvalidParameterValue"));
  expect(knownSentence("UnsupportedOperation.InstanceStateFreezing.Deep")).toBe(
    sentences.get("UnsupportedOperation.InstanceStateFreezing"),
  );
  expect(knownSentence("Unheard.Of")).toBeNull();
});

test("only for a code that nobody knows the provider's words are shown, in one short line and without the password", () => {
  const says = sentenceOf("Unheard.Of", "Bad\n\tvalue \u202eCanary-4711!", new Secret("Canary-4711"));
  expect(says).toBe("Tencent Cloud refused with a code that I do not know. It says: “Bad value [secret]!”.");
  expect(sentenceOf("Unheard.Of", "")).toBe("Tencent Cloud refused with a code that I do not know.");
  expect(excerpt("x".repeat(1_000))).toHaveLength(200);
});
