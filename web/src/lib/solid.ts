// A solid to look at from all sides. Loaded only where there is one: it is most of what the page weighs.
import {
  AmbientLight, Box3, Color, DirectionalLight, HemisphereLight, Mesh, MeshStandardMaterial, PerspectiveCamera, Scene, Vector3, WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'

/** Show a GLB in a canvas; the functions turn it, change its distance, and let go of it. */
export async function show(canvas: HTMLCanvasElement, glb: ArrayBuffer): Promise<{ turn: (x: number, y: number) => void; near: (by: number) => void; free: () => void }> {
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true })
  const scene = new Scene()
  const camera = new PerspectiveCamera(35, 1, 0.001, 100)
  const loaded = await new GLTFLoader().parseAsync(glb, '')
  const solid = loaded.scene
  const box = new Box3().setFromObject(solid)
  const size = box.getSize(new Vector3())
  const middle = box.getCenter(new Vector3())
  const scale = 1 / (Math.max(size.x, size.y, size.z) || 1)
  solid.scale.setScalar(scale)
  solid.position.copy(middle.multiplyScalar(-scale))
  solid.traverse((part) => {
    if (part instanceof Mesh && !part.material?.map && !part.geometry.hasAttribute('color'))
      part.material = new MeshStandardMaterial({ color: new Color('#d9cdb6'), roughness: 0.72, metalness: 0 })
  })
  scene.add(solid, new HemisphereLight('#fff6e6', '#6d6252', 1.5), new AmbientLight('#ffffff', 0.35))
  const sun = new DirectionalLight('#fff3dd', 2.4)
  sun.position.set(1.4, 1.8, 1.2)
  const rim = new DirectionalLight('#b4472f', 0.9)
  rim.position.set(-1.6, 0.4, -1.4)
  scene.add(sun, rim)
  camera.position.set(1.05, 0.75, 1.6)
  const controls = new OrbitControls(camera, canvas)
  controls.enableDamping = true
  controls.enablePan = false
  controls.minDistance = 0.9
  controls.maxDistance = 5
  let frame = 0
  let wanted = 0
  const wake = (): void => {
    wanted = 2 // a turn that dies away says of each step that it moved
    if (!frame) frame = requestAnimationFrame(draw)
  }
  function draw(): void {
    const { clientWidth: w, clientHeight: h } = canvas
    renderer.setPixelRatio(Math.min(devicePixelRatio, 2))
    renderer.setSize(w, h, false)
    camera.aspect = w / Math.max(h, 1)
    camera.updateProjectionMatrix()
    controls.update()
    renderer.render(scene, camera)
    frame = --wanted > 0 ? requestAnimationFrame(draw) : 0 // still, it costs nothing
  }
  controls.addEventListener('change', wake)
  controls.addEventListener('start', wake)
  const seen = new ResizeObserver(wake)
  seen.observe(canvas)
  wake()
  const moved = (change: (offset: Vector3) => void): void => {
    const offset = camera.position.clone().sub(controls.target)
    change(offset)
    camera.position.copy(controls.target).add(offset)
    wake()
  }
  return {
    turn: (x, y) =>
      moved((offset) => {
        const flat = Math.hypot(offset.x, offset.z)
        const height = Math.min(Math.max(Math.atan2(offset.y, flat) + y, -1.45), 1.45)
        const way = Math.atan2(offset.x, offset.z) + x
        const far = offset.length()
        offset.set(Math.sin(way) * Math.cos(height), Math.sin(height), Math.cos(way) * Math.cos(height)).multiplyScalar(far)
      }),
    near: (by) => moved((offset) => offset.clampLength(0.9, 5).multiplyScalar(by)),
    free: () => {
      cancelAnimationFrame(frame)
      seen.disconnect()
      controls.dispose()
      renderer.dispose()
    },
  }
}
