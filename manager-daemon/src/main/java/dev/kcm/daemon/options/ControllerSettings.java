package dev.kcm.daemon.options;

/**
 * The settings of single controllers.
 *
 * @param service load balancers
 * @param attachDetach attaching of volumes
 * @param csrSigning issuing of certificates
 * @param deployment Deployments
 * @param statefulSet StatefulSets
 * @param daemonSet DaemonSets
 * @param endpoint Endpoints
 * @param endpointSlice EndpointSlices
 * @param endpointSliceMirroring EndpointSlices for hand-made Endpoints
 * @param ephemeralVolume claims of ephemeral volumes
 * @param garbageCollector garbage collection
 * @param horizontalPodAutoscaler horizontal scaling
 * @param job Jobs
 * @param cronJob CronJobs
 * @param legacyTokenCleaner unused token Secrets
 * @param namespace deletion of namespaces
 * @param nodeIpam pod address ranges of nodes
 * @param nodeLifecycle health of nodes
 * @param persistentVolumeBinder binding of volumes
 * @param podGarbageCollector finished pods
 * @param replicaSet ReplicaSets
 * @param replicationController ReplicationControllers
 * @param resourceQuota quotas
 * @param serviceAccount service accounts and tokens
 * @param ttlAfterFinished deletion of finished Jobs
 * @param admissionPolicyStatus status of ValidatingAdmissionPolicies
 */
public record ControllerSettings(
    ServiceConfig service,
    AttachDetachConfig attachDetach,
    CsrSigningConfig csrSigning,
    WorkersConfig deployment,
    WorkersConfig statefulSet,
    WorkersConfig daemonSet,
    EndpointConfig endpoint,
    EndpointSliceConfig endpointSlice,
    EndpointSliceMirroringConfig endpointSliceMirroring,
    WorkersConfig ephemeralVolume,
    GarbageCollectorConfig garbageCollector,
    HorizontalPodAutoscalerConfig horizontalPodAutoscaler,
    WorkersConfig job,
    WorkersConfig cronJob,
    LegacyTokenCleanerConfig legacyTokenCleaner,
    NamespaceConfig namespace,
    NodeIpamConfig nodeIpam,
    NodeLifecycleConfig nodeLifecycle,
    PersistentVolumeBinderConfig persistentVolumeBinder,
    PodGarbageCollectorConfig podGarbageCollector,
    WorkersConfig replicaSet,
    WorkersConfig replicationController,
    ResourceQuotaConfig resourceQuota,
    ServiceAccountConfig serviceAccount,
    WorkersConfig ttlAfterFinished,
    WorkersConfig admissionPolicyStatus) {}
