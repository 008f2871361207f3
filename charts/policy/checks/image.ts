import { overContainers, type Check } from '../check';

interface ImageName {
  readonly registry?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** The parts of an image reference. As for every client, the first part is a registry where it looks like a host. */
function partsOf(image: unknown): ImageName {
  const [path = '', digest] = (typeof image === 'string' ? image : '').split('@');
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const registry = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const tag = /:([^/:]+)$/.exec(path)?.[1];
  return { registry, tag, digest };
}

export const imageTagAndDigest: Check = {
  id: 'image-tag-and-digest',
  title: 'Every image is named by tag and digest',
  reason:
    'Whoever may push the tag decides what runs, two nodes may run two programs, and without the tag nobody sees which version it is.',
  fix: 'Write the image as registry/path:tag@sha256:digest, with the digest that the registry shows for the tag.',
  examine: overContainers((container) => {
    const image = container.get('image');
    const { tag, digest } = partsOf(image.value);
    return tag !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest ?? '') ? [] : [image];
  }),
};

export const imageNotLatest: Check = {
  id: 'image-not-latest',
  title: 'No image is `latest`',
  reason: 'Two pulls of it can bring two programs, and a rollback brings none back.',
  fix: 'Name a version. An image without a tag is latest too.',
  examine: overContainers((container) => {
    const image = container.get('image');
    const { tag, digest } = partsOf(image.value);
    return (tag ?? (digest === undefined ? 'latest' : '')) === 'latest' ? [image] : [];
  }),
};

export const imageRegistry: Check = {
  id: 'image-registry',
  title: 'Every image names its registry, and one that is allowed',
  reason:
    'Without a registry the configuration of the node decides, and an open one serves whatever a stranger pushed.',
  fix: 'Begin the image with the host of a registry, one of imageRegistries where the environment lists them.',
  examine: overContainers((container, _pod, { settings }) => {
    const image = container.get('image');
    const { registry } = partsOf(image.value);
    const isAllowed =
      registry !== undefined && (settings.imageRegistries?.some((allowed) => registry === allowed) ?? true);
    return isAllowed ? [] : [image];
  }),
};

export const imagePullPolicy: Check = {
  id: 'image-pull-policy',
  title: 'Every image is pulled where it is missing, and only there',
  reason:
    'With Always a registry that is down keeps pods from starting; with Never a new node can start none.',
  fix: 'Set imagePullPolicy to IfNotPresent: with a digest there is nothing to look up again.',
  examine: overContainers((container) => {
    const policy = container.get('imagePullPolicy');
    return policy.isSet && policy.value !== 'IfNotPresent' ? [policy] : [];
  }),
};
