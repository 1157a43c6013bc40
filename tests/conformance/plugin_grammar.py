"""Configurations of the builtin plugins, as generators, transformers and validators name them."""
from cluster_objects import NAMESPACES


def config(g, folder, field):
    rng = g.rng
    if field == 'generators':
        kind = rng.choice(['ConfigMapGenerator', 'SecretGenerator', 'ConfigMapGenerator', 'IAMPolicyGenerator'])
    elif field == 'validators':
        kind = rng.choice(['LabelTransformer', 'NamespaceTransformer', 'AnnotationsTransformer', 'ReplacementTransformer'])
    else:
        kind = rng.choice(['AnnotationsTransformer', 'LabelTransformer', 'NamespaceTransformer', 'NamespaceTransformer', 'PatchJson6902Transformer', 'PatchStrategicMergeTransformer', 'PatchTransformer',
                           'PrefixTransformer', 'SuffixTransformer', 'PrefixSuffixTransformer', 'ReplicaCountTransformer', 'ImageTagTransformer', 'HashTransformer', 'ValueAddTransformer', 'ReplacementTransformer',
                           'SortOrderTransformer', 'LegacyOrderTransformer', 'Unknown'][:None if g.chance(0.05) else -3])
    c = {'apiVersion': 'builtin', 'kind': kind, 'metadata': {'name': 'plugin%d' % rng.randrange(1000)}}
    if g.chance(0.02):
        c['apiVersion'] = rng.choice(['v1', 'someteam.example.com/v1'])
    c.update(BODIES.get(kind, lambda *_: {})(g, folder, c))
    return c


def specs(g, *common, pairs=False):
    """fieldSpecs: those given, at times others."""
    out = [dict(s) for s in common]
    if g.chance(0.4):
        out.append(g.rng.choice([{'path': 'spec/x', 'create': True, 'kind': 'Widget'}, {'path': 'data', 'create': True, 'kind': 'ConfigMap'}, {'path': 'spec/template/metadata/labels', 'kind': 'Deployment', 'create': True},
                                 *([{'path': 'metadata/annotations', 'create': True}, {'path': 'metadata/labels', 'create': False}] if pairs else []), {'path': 'spec/ref/name', 'group': 'example.com'}, {'path': 'spec/list[]/name'}]))
    if g.chance(0.02):
        out = []
    return {g.rng.choice(['fieldSpecs', 'fieldSpecs', 'fieldSpecs', 'FieldSpecs']): out} if out or g.chance(0.2) else {}


def labels(g, folder, c):
    return {'labels': g.pairs(), **specs(g, {'path': 'metadata/labels', 'create': True}, pairs=True)}


def annotations(g, folder, c):
    return {'annotations': {'plug': g.rng.choice(['x', 'true', '5'])}, **specs(g, {'path': 'metadata/annotations', 'create': True}, pairs=True)}


def namespace(g, folder, c):
    c['metadata']['namespace'] = g.rng.choice(NAMESPACES)
    out = {}
    if g.chance(0.3):
        out['unsetOnly'] = g.rng.choice([True, True, False])
    if g.chance(0.4):
        out['setRoleBindingSubjects'] = g.rng.choice(['none', 'allServiceAccounts', 'defaultOnly', 'defaultOnly', 'bad'][:None if g.chance(0.03) else 4])
    if g.chance(0.6):
        out.update(specs(g, {'path': 'metadata/namespace', 'create': True}, {'path': 'subjects', 'kind': 'RoleBinding'}))
    return out


def affix(*fields):
    def body(g, folder, c):
        return {f: g.rng.choice(['aa-', '-zz', '']) for f in fields} | specs(g, {'path': 'metadata/name'})
    return body


def replica(g, folder, c):
    r = g.replica() or {'name': 'web', 'count': 3}
    return {'replica': r, **specs(g, {'path': 'spec/replicas', 'create': True, 'kind': 'Deployment'}, {'path': 'spec/replicas', 'create': g.chance(0.5), 'kind': 'StatefulSet'})}


def image(g, folder, c):
    return {'imageTag': g.image(), **specs(g, {'path': 'spec/template/spec/containers[]/image', 'create': True})}


def patch(g, folder, c):
    return g.patch(folder)


def patch_json(g, folder, c):
    o = g.pick()
    return {'target': g.selector(o, True), 'jsonOp': g.operations_text(g.operations(o))}


def patches(g, folder, c):
    if g.chance(0.5):
        return {'paths': [g.patch_strategic(folder)]}
    from styled_yaml import documents
    return {'patches': documents(g.rng, [g.merge_patch(g.pick())], True)}


def value_add(g, folder, c):
    body = {'value': g.rng.choice(['prefix', 'x/y', '5'])}
    body['targets'] = [g.rng.choice([{'fieldPath': 'metadata/annotations/added'}, {'selector': {'kind': 'Deployment'}, 'fieldPath': 'metadata/labels/added'}, {'selector': {'kind': 'ConfigMap'}, 'fieldPath': 'data/a', 'filePathPosition': 1},
                                     {'selector': {'name': 'web'}, 'fieldPath': 'spec/path', 'filePathPosition': 2}, {'fieldPath': 'spec/image', 'selector': {'kind': 'Widget'}, 'filePathPosition': 1}])]
    if g.chance(0.05):
        body['targetFilePath'] = 'x.yaml'
    return body


def replacements(g, folder, c):
    return {'replacements': [g.replacement(folder)]}


def generator(secret):
    def body(g, folder, c):
        out = g.generator(folder, secret)
        if g.chance(0.5):
            c['metadata']['name'] = out.pop('name')
        return out
    return body


def iam(g, folder, c):
    return {'cloud': 'gke' if g.chance(0.95) else 'aws', 'kubernetesService': {'name': 'ksa%d' % g.rng.randrange(3), **({'namespace': 'prod'} if g.chance(0.5) else {})}, 'serviceAccount': {'name': 'gsa', 'projectId': 'proj'}}


def order(g, folder, c):
    return {'sortOptions': g.sort_options()} if c['kind'] == 'SortOrderTransformer' else {}


BODIES = {'LabelTransformer': labels, 'AnnotationsTransformer': annotations, 'NamespaceTransformer': namespace, 'PrefixTransformer': affix('prefix'), 'SuffixTransformer': affix('suffix'),
          'PrefixSuffixTransformer': affix('prefix', 'suffix'), 'ReplicaCountTransformer': replica, 'ImageTagTransformer': image, 'PatchTransformer': patch, 'PatchJson6902Transformer': patch_json,
          'PatchStrategicMergeTransformer': patches, 'ValueAddTransformer': value_add, 'ReplacementTransformer': replacements, 'ConfigMapGenerator': generator(False), 'SecretGenerator': generator(True),
          'IAMPolicyGenerator': iam, 'SortOrderTransformer': order, 'LegacyOrderTransformer': order}
