package dev.kcm.core.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;

/**
 * Names one term of leadership, for systems outside that want to refuse writes of an earlier one.
 *
 * @param leaseUid UID of the Lease; a Lease that was deleted and made again has another
 * @param transitions how often the holder changed; grows with each new holder of one Lease
 * @param resourceVersion of the Lease when it was acquired
 */
public record FencingToken(String leaseUid, int transitions, String resourceVersion) {

  /** All three, for example {@code 0c3f.../7/81230}; another text for each term. */
  public String text() {
    return leaseUid + "/" + transitions + "/" + resourceVersion;
  }

  static FencingToken of(Lease lease) {
    return new FencingToken(
        String.valueOf(lease.getMetadata().getUid()),
        LeaseRecord.of(lease).transitions(),
        String.valueOf(lease.getMetadata().getResourceVersion()));
  }
}
