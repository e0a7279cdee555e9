/**
 * The only place for what Tencent Cloud's error codes mean to people: what happened and what to do. The code itself is shown beside it.
 * Codes: https://www.tencentcloud.com/document/product/213/33242 and https://www.tencentcloud.com/document/api/213/30435.
 */

const busy = "The server has another operation in progress. Wait until it is over, then try again.";
const gone = "Tencent Cloud has no server with this id in this region. Check the id, the region and the account.";
const badId = "Tencent Cloud does not take this as a server id. Check it: ins- and eight letters or digits.";
const internal =
  "Tencent Cloud had an internal error and does not say what became of the call. Look at the server first.";
const keyGone = "The key pair no longer exists in this region. Choose another one.";
const hostName = "Tencent Cloud does not take the host name. The bot sends none, so submit a ticket.";
const mfa =
  "The account's policy asks for a second factor (MFA), which a bot cannot give. Exempt the bot's key in CAM.";
const isolated =
  "The server is isolated because of its bill or its term. Pay or renew it in the console, then ask again.";
const rescue =
  "The server is in rescue mode or on its way in or out. Let it leave rescue mode in the console, then ask again.";
const migrating = "Tencent Cloud is moving the server to another host. Wait until that is over, then try again.";
const terminating = "The server is being released, so nothing can be done to it any more.";
const tryLater =
  "Tencent Cloud is being asked too often just now. It did nothing; the same call may be sent again later.";
const badKey = "Tencent Cloud does not know the bot's API key. Whoever runs the bot must check the SecretId.";
const badSignature =
  "Tencent Cloud does not accept the bot's signature. Whoever runs the bot must check the SecretKey.";
const noPermission = "The bot's key may not do this. Grant it the action for this server in CAM, then try again.";
const botFault =
  "Tencent Cloud does not take the call as the bot made it. Nothing happened; report it to whoever runs the bot.";
const imageWrong = "This image cannot be used to reinstall this server. Choose another image.";
const soldOut = "Tencent Cloud has no stock for this just now. Nothing happened; try later, or submit a ticket.";
const filter = "Tencent Cloud does not take the search as the bot sent it. Report it to whoever runs the bot.";

export const sentences: ReadonlyMap<string, string> = new Map([
  // ResetInstance, in the order of its document.
  [
    "FailedOperation.InvalidInstanceApplicationRoleEmr",
    "The server belongs to an EMR cluster, which does not allow a reinstall. Work on the cluster in the EMR console.",
  ],
  ["InternalError.TradeUnknownError", internal],
  ["InternalServerError", internal],
  ["InvalidAccount.InsufficientBalance", "The account's balance is too low. Top it up in the console, then try again."],
  ["InvalidAccount.UnpaidOrder", "The account has unpaid orders. Pay or cancel them in the console, then try again."],
  ["InvalidImageId.Malformed", "Tencent Cloud does not take this as an image id. Choose the image from the list."],
  ["InvalidImageId.NotFound", "The image no longer exists in this region. Choose another one."],
  [
    "InvalidInstance.NotSupported",
    "Tencent Cloud does not allow this for this server, or it is in a special state just now. Look at it in the console.",
  ],
  ["InvalidInstanceId.Malformed", badId],
  ["InvalidInstanceId.NotFound", gone],
  [
    "InvalidInstanceType.Malformed",
    "Tencent Cloud does not take the server's instance type. Submit a ticket with the request id.",
  ],
  [
    "InvalidKeyPairId.Malformed",
    "Tencent Cloud does not take this as a key pair id. Choose the key pair from the list.",
  ],
  ["InvalidParameter.HostNameIllegal", hostName],
  [
    "InvalidParameter.InstanceImageNotSupport",
    "The image is one of a whole server (with data disks), which cannot be used here. Choose an image of a system disk only.",
  ],
  [
    "InvalidParameter.ParameterConflict",
    "The login settings contradict each other: the key pair would replace the one in the image. Choose another login.",
  ],
  [
    "InvalidParameterValue",
    "Tencent Cloud does not take one of the values. Nothing happened; choose image and login anew.",
  ],
  ["InvalidParameterValue.IllegalHostName", hostName],
  ["InvalidParameterValue.InstanceIdMalformed", badId],
  [
    "InvalidParameterValue.InstanceTypeNotFound",
    "Tencent Cloud no longer offers the server's instance type. Submit a ticket with the request id.",
  ],
  [
    "InvalidParameterValue.InvalidAppIdFormat",
    "Tencent Cloud does not take the account's number. Whoever runs the bot must check its API key.",
  ],
  [
    "InvalidParameterValue.InvalidImageForGivenInstanceType",
    "The image cannot be used on this instance type. Choose another image.",
  ],
  [
    "InvalidParameterValue.InvalidImageFormat",
    "The image is in raw format, which servers cannot be made from. Choose another image.",
  ],
  ["InvalidParameterValue.InvalidImageId", imageWrong],
  // The provider's own spelling.
  [
    "InvalidParameterValue.InvalidImageIdForRetsetInstance",
    "This image cannot be used to reinstall this server. Between Linux and Windows that is so outside mainland China. Choose another image.",
  ],
  [
    "InvalidParameterValue.InvalidImageState",
    "The image is still being worked on. Wait until it is ready, or choose another one.",
  ],
  [
    "InvalidParameterValue.InvalidPassword",
    "Tencent Cloud does not take the password. Ask again with another one, or with a generated one.",
  ],
  [
    "InvalidParameterValue.InvalidUserDataFormat",
    "Tencent Cloud does not take the user data. The bot sends none, so submit a ticket.",
  ],
  ["InvalidParameterValue.KeyPairNotFound", keyGone],
  [
    "InvalidParameterValue.LimitExceeded",
    "One of the values is over Tencent Cloud's limit. Report it to whoever runs the bot.",
  ],
  [
    "InvalidParameterValue.RequiredLocationImage",
    "The image belongs to another region. Copy it to this region, or choose another image.",
  ],
  [
    "InvalidParameterValue.ZoneNotSupported",
    "The server's zone does not allow this. Choose another image, or submit a ticket.",
  ],
  ["MissingParameter", botFault],
  [
    "MissingParameter.MonitorService",
    "This instance type must have Cloud Monitor on, and the image leaves it off. Choose a public image.",
  ],
  ["MutexOperation.TaskRunning", busy],
  [
    "OperationDenied.ChcInstallCloudImageWithoutDeployNetwork",
    "This is a hosted machine (CHC) without a deployment network. Set that network up in the console, then try again.",
  ],
  ["OperationDenied.InstanceOperationInProgress", busy],
  ["ResourceInUse", busy],
  [
    "ResourceInsufficient.CloudDiskSoldOut",
    "Tencent Cloud has no disk of this type left in the zone. Try later, or submit a ticket.",
  ],
  ["ResourceNotFound.KeyPairNotFound", keyGone],
  [
    "ResourcesSoldOut.SpecifiedInstanceType",
    "The server's instance type is sold out in this zone. Try later, or submit a ticket.",
  ],
  [
    "UnauthorizedOperation.InvalidToken",
    "The bot's temporary key is no longer valid. Whoever runs the bot must give it a new one.",
  ],
  ["UnauthorizedOperation.MFAExpired", mfa],
  ["UnauthorizedOperation.MFANotFound", mfa],
  [
    "UnsupportedOperation",
    "Tencent Cloud does not allow this for this server. Look at it in the console, or submit a ticket.",
  ],
  [
    "UnsupportedOperation.InstanceChargeType",
    "The server's billing mode does not allow this: spot instances cannot be reinstalled. Release it and create a new one.",
  ],
  [
    "UnsupportedOperation.InstanceStateCorrupted",
    "Tencent Cloud has marked the server as damaged for good. Submit a ticket.",
  ],
  ["UnsupportedOperation.InstanceStateEnterRescueMode", rescue],
  ["UnsupportedOperation.InstanceStateEnterServiceLiveMigrate", migrating],
  ["UnsupportedOperation.InstanceStateExitRescueMode", rescue],
  ["UnsupportedOperation.InstanceStateExitServiceLiveMigrate", migrating],
  ["UnsupportedOperation.InstanceStateFreezing", "The server is frozen. See in the console why, or submit a ticket."],
  ["UnsupportedOperation.InstanceStateIsolating", isolated],
  [
    "UnsupportedOperation.InstanceStatePending",
    "The server is still being created. Wait until it runs, then try again.",
  ],
  ["UnsupportedOperation.InstanceStateRebooting", "The server is restarting. Wait until it runs, then try again."],
  ["UnsupportedOperation.InstanceStateRescueMode", rescue],
  ["UnsupportedOperation.InstanceStateServiceLiveMigrate", migrating],
  ["UnsupportedOperation.InstanceStateShutdown", isolated],
  ["UnsupportedOperation.InstanceStateStarting", "The server is starting. Wait until it runs, then try again."],
  ["UnsupportedOperation.InstanceStateStopping", "The server is stopping. Wait until it has stopped, then try again."],
  ["UnsupportedOperation.InstanceStateTerminated", "The server has been released; there is nothing left to work on."],
  ["UnsupportedOperation.InstanceStateTerminating", terminating],
  [
    "UnsupportedOperation.InstanceTypeNotSupportGridLicence",
    "The instance type does not allow the GRID driver setting of this image. Choose another image.",
  ],
  [
    "UnsupportedOperation.InvalidImageLicenseTypeForReset",
    "The image's licence is not of the server's kind. Choose an image with the same licence type.",
  ],
  ["UnsupportedOperation.KeyPairUnsupportedWindows", "Windows servers do not take key pairs. Choose a password."],
  [
    "UnsupportedOperation.ModifyEncryptionNotSupported",
    "The image would change whether the system disk is encrypted, which a reinstall cannot. Choose another image.",
  ],
  [
    "UnsupportedOperation.RawLocalDiskInsReinstalltoQcow2",
    "The server's local disk cannot take an image of this format. Choose another image, or submit a ticket.",
  ],
  [
    "UnsupportedOperation.StoppedModeStopCharging",
    "The server was stopped without charges, so its resources are given back. Start it in the console, then try again.",
  ],
  // StopInstances and StartInstances.
  ["InvalidParameterCombination", botFault],
  [
    "UnsupportedOperation.HibernationForNormalInstance",
    "The server does not allow hibernation. Stop it in the console.",
  ],
  [
    "UnsupportedOperation.InstanceReinstallFailed",
    "The server's last reinstall failed. Until it is reinstalled again, Tencent Cloud allows nothing else.",
  ],
  ["UnsupportedOperation.InstanceStateBanning", "Tencent Cloud has blocked the server. Submit a ticket."],
  ["UnsupportedOperation.InstanceStateStopped", "The server is stopped already."],
  ["UnsupportedOperation.InstanceStateRunning", "The server is running already."],
  // Reading.
  ["InvalidFilter", filter],
  ["InvalidFilterValue", filter],
  ["InvalidHostId", filter],
  ["InvalidParameterValueLimit", filter],
  ["InvalidParameterValueOffset", filter],
  ["InvalidSecurityGroupId", filter],
  ["InvalidSgId", filter],
  ["FailedOperation.IllegalTagKey", filter],
  ["FailedOperation.IllegalTagValue", filter],
  ["FailedOperation.TagKeyReserved", filter],
  ["InvalidKeyPair.LimitExceeded", "There are more key pairs than Tencent Cloud allows. Look at them in the console."],
  [
    "InvalidRegion",
    "Tencent Cloud does not know this region. Whoever runs the bot must check the regions in its configuration.",
  ],
  ["InvalidZone", "Tencent Cloud does not know this zone in this region. Report it to whoever runs the bot."],
  ["FailedOperation.InquiryPriceFailed", "Tencent Cloud could not work out the price. Try again later."],
  [
    "InvalidParameterValue.InvalidImageOsName",
    "The image's operating system is not offered in this region. Choose another image.",
  ],
  [
    "ResourceInsufficient.CloudDiskUnavailable",
    "The disk does not fit what Tencent Cloud offers in this zone. Choose another image, or submit a ticket.",
  ],
  // Any API: https://www.tencentcloud.com/document/api/213/30435
  ["ActionOffline", "Tencent Cloud has switched this call off. Submit a ticket."],
  ["AuthFailure", "Tencent Cloud does not accept the bot's API key. Whoever runs the bot must check it."],
  ["AuthFailure.InvalidAuthorization", badSignature],
  ["AuthFailure.InvalidSecretId", badKey],
  ["AuthFailure.MFAFailure", mfa],
  ["AuthFailure.SecretIdNotFound", badKey],
  [
    "AuthFailure.SignatureExpire",
    "The call reached Tencent Cloud more than 5 minutes from its signing time, so it was turned away. Check the bot's clock.",
  ],
  ["AuthFailure.SignatureFailure", badSignature],
  [
    "AuthFailure.TokenFailure",
    "The bot's temporary key is no longer valid. Whoever runs the bot must give it a new one.",
  ],
  ["AuthFailure.UnauthorizedOperation", noPermission],
  ["DryRunOperation", "Tencent Cloud would have allowed it; it was only a trial."],
  ["FailedOperation", "Tencent Cloud says that the operation failed, and not why. Look at the server first."],
  ["InternalError", internal],
  ["InvalidAction", botFault],
  ["InvalidParameter", botFault],
  ["InvalidRequest", botFault],
  ["IpInBlacklist", "The bot's address is on the account's block list. Take it off the list in CAM."],
  ["IpNotInWhitelist", "The bot's address is not on the account's allow list. Add it in CAM."],
  ["LimitExceeded", "A quota of the account is used up. Look at the quotas in the console."],
  ["NoSuchProduct", botFault],
  ["NoSuchVersion", botFault],
  ["OperationDenied", "Tencent Cloud denied the operation for this server. Look at it in the console."],
  ["RequestLimitExceeded", tryLater],
  ["RequestSizeLimitExceeded", botFault],
  ["ResourceBusy", busy],
  ["ResourceInsufficient", soldOut],
  ["ResourcesSoldOut", soldOut],
  ["ResourceNotFound", "Something that the call names no longer exists. Choose server, image and login anew."],
  ["ResourceUnavailable", "Something that the call needs is not available just now. Try again later."],
  ["ResponseSizeLimitExceeded", "Tencent Cloud's answer was too long to be sent. Report it to whoever runs the bot."],
  [
    "ServiceUnavailable",
    "Tencent Cloud's API is not available just now. Look at the server before anything is tried again.",
  ],
  ["UnauthorizedOperation", noPermission],
  ["UnknownParameter", botFault],
  ["UnsupportedProtocol", botFault],
  [
    "UnsupportedRegion",
    "Tencent Cloud does not offer this in the region. Whoever runs the bot must check the regions in its configuration.",
  ],
]);
