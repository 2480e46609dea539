package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * The connection to the API server.
 *
 * <p><i>Immutable.</i>
 */
final class ClientOptions implements OptionGroup<ClientConfig> {

  private static final Flag<String> KUBECONFIG =
      Flag.string(
          "kubeconfig", "", "File with the address of the API server and credentials for it.");

  private static final Flag<String> MASTER =
      Flag.string(
          "master", "", "Address of the API server. Overrides the one of the kubeconfig file.");

  private static final Flag<String> CONTENT_TYPE =
      Flag.string(
          "kube-api-content-type",
          "application/vnd.kubernetes.protobuf",
          "Encoding of requests to the API server.");

  private static final Flag<Float> QPS =
      Flag.of(
          "kube-api-qps",
          FlagTypes.FLOAT32,
          20f,
          "Requests per second each client may send to the API server. Negative means no limit.");

  private static final Flag<Integer> BURST =
      Flag.int32("kube-api-burst", 30, "Requests each client may send at once to the API server.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of("generic", CONTENT_TYPE, QPS, BURST),
        FlagGroup.of("misc", KUBECONFIG, MASTER));
  }

  @Override
  public void check(Checks checks) {
    checks.problemIf(checks.get(QPS).isNaN(), "--kube-api-qps must be a number, but got NaN");
    checks.atLeastOne(BURST);
    checks.readableFile(KUBECONFIG);
  }

  @Override
  public ClientConfig read(FlagValues values) {
    return new ClientConfig(
        values.get(KUBECONFIG),
        values.get(MASTER),
        values.get(CONTENT_TYPE),
        values.get(QPS),
        values.get(BURST));
  }
}
