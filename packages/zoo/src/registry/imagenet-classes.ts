/**
 * Short English names of ImageNet's 1000 classes, in the order of every ILSVRC classifier: index 281 is `tabby`. The first name is the
 * one to show; names behind a comma are others that people look for.
 */
export const imagenetClasses: readonly string[] = `tench
goldfish
great white shark
tiger shark
hammerhead shark, hammerhead
electric ray
stingray
rooster, cock
hen
ostrich
brambling
goldfinch
house finch
junco
indigo bunting
American robin, robin
bulbul
jay
magpie
chickadee
dipper, water ouzel
kite
bald eagle
vulture
great grey owl, great gray owl
fire salamander, European fire salamander
smooth newt, common newt
eft, newt
spotted salamander
axolotl
bullfrog
tree frog
tailed frog
loggerhead turtle, loggerhead
leatherback turtle
mud turtle
terrapin
box turtle
banded gecko
green iguana, common iguana
Carolina anole, American chameleon
whiptail lizard, whiptail
agama
frilled lizard
alligator lizard
Gila monster
green lizard
chameleon, African chameleon
Komodo dragon
Nile crocodile, African crocodile
American alligator
triceratops
worm snake, thunder snake
ring-necked snake, ringneck snake
hognose snake
green snake
kingsnake, king snake
garter snake
water snake
vine snake
night snake
boa constrictor
rock python
Indian cobra
green mamba
sea snake
horned viper
diamondback rattlesnake, diamondback
sidewinder
trilobite
harvestman
scorpion
yellow garden spider, black and gold garden spider
barn spider
garden spider
black widow
tarantula
wolf spider
tick
centipede
black grouse
ptarmigan
ruffed grouse
prairie chicken
peacock
quail
partridge
grey parrot, African grey
macaw
sulphur-crested cockatoo
lorikeet
coucal
bee-eater, bee eater
hornbill
hummingbird
jacamar
toucan
drake, duck
red-breasted merganser
goose
black swan
tusker
echidna
platypus
wallaby
koala
wombat
jellyfish
sea anemone
brain coral
flatworm
nematode, roundworm
conch
snail
slug
sea slug
chiton
nautilus, chambered nautilus
Dungeness crab
rock crab
fiddler crab
king crab
American lobster, lobster
spiny lobster
crayfish
hermit crab
isopod
white stork
black stork
spoonbill
flamingo
little blue heron
great egret, American egret
bittern
crane bird, crane
limpkin
gallinule, European gallinule
coot, American coot
bustard
ruddy turnstone
dunlin, red-backed sandpiper
redshank
dowitcher
oystercatcher
pelican
king penguin
albatross
grey whale, gray whale
orca, killer whale
dugong
sea lion
Chihuahua
Japanese Chin, Japanese spaniel
Maltese, Maltese dog
Pekingese, Pekinese
Shih Tzu, Shih-Tzu
King Charles spaniel, Blenheim spaniel
Papillon
toy terrier
Rhodesian ridgeback
Afghan hound
Basset hound, Basset
Beagle
Bloodhound
Bluetick coonhound, Bluetick
black-and-tan coonhound
Treeing Walker coonhound, Walker hound
English foxhound
Redbone coonhound, Redbone
Borzoi
Irish wolfhound
Italian greyhound
Whippet
Ibizan hound
Norwegian elkhound
Otterhound
Saluki
Scottish deerhound
Weimaraner
Staffordshire bull terrier, Staffordshire bullterrier
American Staffordshire terrier
Bedlington terrier
Border terrier
Kerry blue terrier
Irish terrier
Norfolk terrier
Norwich terrier
Yorkshire terrier
wire fox terrier, wire-haired fox terrier
Lakeland terrier
Sealyham terrier
Airedale terrier, Airedale
Cairn terrier, Cairn
Australian terrier
Dandie Dinmont terrier, Dandie Dinmont
Boston terrier, Boston bull
miniature Schnauzer
giant Schnauzer
standard Schnauzer
Scottish terrier, Scotch terrier
Tibetan terrier
silky terrier
wheaten terrier, soft-coated wheaten terrier
West Highland white terrier
Lhasa Apso, Lhasa
flat-coated retriever
curly-coated retriever
golden retriever
Labrador retriever, Labrador
Chesapeake Bay retriever
German shorthaired pointer, German short-haired pointer
Vizsla
English setter
Irish setter
Gordon setter
Brittany, Brittany spaniel
Clumber spaniel, Clumber
English springer spaniel, English springer
Welsh springer spaniel
cocker spaniel
Sussex spaniel
Irish water spaniel
Kuvasz
Schipperke
Groenendael
Malinois
Briard
Kelpie
Komondor
Old English sheepdog
Shetland sheepdog
Collie
Border collie
Bouvier des Flandres
Rottweiler
German shepherd
Dobermann, Doberman
miniature pinscher
Greater Swiss mountain dog
Bernese mountain dog
Appenzeller
Entlebucher
Boxer
Bullmastiff, bull mastiff
Tibetan mastiff
French bulldog
Great Dane
Saint Bernard, St. Bernard
Eskimo dog, husky
Malamute
Siberian husky
Dalmatian
Affenpinscher
Basenji
Pug
Leonberger, Leonberg
Newfoundland
Great Pyrenees
Samoyed
Pomeranian
Chow Chow, Chow
Keeshond
Brussels griffon, Brabancon griffon
Pembroke corgi, Pembroke
Cardigan corgi, Cardigan Welsh corgi
toy poodle
miniature poodle
standard poodle
Mexican hairless dog, Mexican hairless
grey wolf, timber wolf, gray wolf
white wolf, Arctic wolf
red wolf
coyote
dingo
dhole
African wild dog, African hunting dog
hyena
red fox
kit fox
Arctic fox
grey fox, gray fox
tabby, tabby cat
tiger cat
Persian cat
Siamese cat
Egyptian cat
cougar, puma
lynx
leopard
snow leopard
jaguar
lion
tiger
cheetah
brown bear
American black bear
polar bear, ice bear
sloth bear
mongoose
meerkat
tiger beetle
ladybird, ladybug
ground beetle
longhorn beetle, long-horned beetle
leaf beetle
dung beetle
rhinoceros beetle
weevil
fly
bee
ant
grasshopper
cricket
stick insect, walking stick
cockroach
mantis
cicada
leafhopper
lacewing
dragonfly
damselfly
red admiral, admiral
ringlet
monarch butterfly, monarch
cabbage white, cabbage butterfly
sulphur butterfly
gossamer-winged butterfly, lycaenid
starfish
sea urchin
sea cucumber
cottontail rabbit, wood rabbit
hare
Angora rabbit, Angora
hamster
porcupine
fox squirrel
marmot
beaver
guinea pig
sorrel horse, sorrel
zebra
pig, hog
wild boar
warthog
hippopotamus
ox
water buffalo
bison
ram
bighorn sheep, bighorn
ibex
hartebeest
impala
gazelle
dromedary, Arabian camel
llama
weasel
mink
polecat
black-footed ferret
otter
skunk
badger
armadillo
three-toed sloth
orangutan
gorilla
chimpanzee
gibbon
siamang
guenon
patas monkey, patas
baboon
macaque
langur
colobus monkey, colobus
proboscis monkey
marmoset
capuchin monkey, capuchin
howler monkey
titi monkey, titi
spider monkey
squirrel monkey
ring-tailed lemur, Madagascar cat
indri
Asian elephant, Indian elephant
African elephant
red panda, lesser panda
giant panda
barracouta
eel
coho salmon, coho
rock beauty
clownfish, anemone fish
sturgeon
gar
lionfish
pufferfish, puffer
abacus
abaya
academic gown
accordion
acoustic guitar
aircraft carrier
airliner
airship
altar
ambulance
amphibious vehicle, amphibian
analogue clock, analog clock
apiary
apron
trash can, ashcan
assault rifle
backpack
bakery
balance beam
balloon
ballpoint pen, ballpoint
plaster, Band Aid
banjo
banister, bannister
barbell
barber chair
barbershop
barn
barometer
barrel
wheelbarrow, barrow
baseball
basketball
bassinet
bassoon
swimming cap, bathing cap
bath towel
bathtub
station wagon, beach wagon
lighthouse, beacon
beaker
bearskin
beer bottle
beer glass
bell tower, bell cote
bib
tandem bicycle, bicycle-built-for-two
bikini
ring binder, binder
binoculars
birdhouse
boathouse
bobsleigh, bobsled
bolo tie
bonnet
bookcase
bookshop
bottle cap, bottlecap
hunting bow, bow
bow tie
brass plaque, brass
bra, brassiere
breakwater
breastplate
broom
bucket
buckle
bulletproof vest
high-speed train, bullet train
butcher shop
taxi, cab
cauldron, caldron
candle
cannon
canoe
can opener
cardigan
car mirror
carousel
tool kit, carpenter's kit
carton
car wheel
cash machine
cassette
cassette player
castle
catamaran
CD player
cello
mobile phone, cellular telephone
chain
chain-link fence, chainlink fence
chain mail
chainsaw, chain saw
chest
chiffonier
chime
china cabinet
Christmas stocking
church
cinema
cleaver
cliff dwelling
cloak
clog
cocktail shaker
coffee mug
coffeepot
spiral, coil
combination lock
computer keyboard
sweet shop, confectionery
container ship
convertible
corkscrew
cornet
cowboy boot
cowboy hat
cradle
construction crane, crane machine
crash helmet
crate
cot, crib
slow cooker, Crock Pot
croquet ball
crutch
cuirass
dam
desk
desktop computer
rotary telephone, dial telephone
nappy, diaper
digital clock
digital watch
dining table
dishcloth, dishrag
dishwasher
disc brake, disk brake
dock
dog sled, dogsled
dome
doormat
drilling platform
drum
drumstick
dumbbell
Dutch oven
electric fan
electric guitar
electric locomotive
entertainment centre, entertainment center
envelope
espresso machine, espresso maker
face powder
feather boa
filing cabinet, file
fireboat
fire engine
fire screen
flagpole
flute
folding chair
American football helmet, football helmet
forklift
fountain
fountain pen
four-poster bed, four-poster
goods wagon, freight car
French horn
frying pan
fur coat
dustcart, garbage truck
gas mask, gasmask
petrol pump, gas pump
goblet
go-kart
golf ball
golf cart, golfcart
gondola
gong
gown
grand piano
greenhouse
radiator grille, grille
grocery shop, grocery store
guillotine
hair clip, hair slide
hair spray
half-track, half track
hammer
hamper
hair dryer, hand blower
hand-held computer
handkerchief
hard disk, hard disc
harmonica
harp
combine harvester, harvester
hatchet
holster
home cinema, home theater
honeycomb
hook
hoop skirt, hoopskirt
horizontal bar
horse cart
hourglass
iPod
clothes iron, iron
jack-o'-lantern
jeans, jean
jeep
jersey
jigsaw puzzle
rickshaw, jinrikisha
joystick
kimono
knee pad
knot
lab coat
ladle
lampshade
laptop
lawn mower
lens cap
letter opener
library
lifeboat
lighter
limousine
ocean liner, liner
lipstick
slip-on shoe, loafer
lotion
loudspeaker
loupe
sawmill, lumbermill
magnetic compass
mailbag
mailbox
maillot
one-piece swimsuit, tank suit
manhole cover
maraca
marimba
mask
matchstick
maypole
maze
measuring cup
medicine cabinet, medicine chest
megalith
microphone
microwave
military uniform
milk churn, milk can
minibus
miniskirt
minivan
missile
mitten
mixing bowl
mobile home
Model T
modem
monastery
monitor
moped
mortar
mortarboard
mosque
mosquito net
motor scooter
mountain bike
tent, mountain tent
computer mouse, mouse
mousetrap
removal van, moving van
muzzle
nail
neck brace
necklace
nipple
notebook computer, notebook
obelisk
oboe
ocarina
odometer
oil filter
pipe organ, organ
oscilloscope
overskirt
ox cart, oxcart
oxygen mask
packet
paddle
paddle wheel, paddlewheel
padlock
paintbrush
pyjamas, pajama
palace
pan flute, panpipe
paper towel
parachute
parallel bars
park bench
parking meter
railway carriage, passenger car
patio
payphone, pay-phone
pedestal
pencil case, pencil box
pencil sharpener
perfume
Petri dish
photocopier
plectrum, pick
pickelhaube
picket fence
pickup truck, pickup
pier
piggy bank
pill bottle
pillow
table tennis ball, ping-pong ball
pinwheel
pirate ship, pirate
pitcher
carpenter's plane, plane
planetarium
plastic bag
plate rack
plough, plow
plunger
Polaroid camera
pole
police van
poncho
billiard table, pool table
soda bottle, pop bottle
flower pot, pot
potter's wheel
power drill
prayer rug
printer
prison
projectile
projector
ice hockey puck, puck
punching bag
purse
quill
quilt
racing car, racer
racket
radiator
radio
radio telescope
rain barrel
camper van, recreational vehicle
reel
reflex camera
refrigerator
remote control
restaurant
revolver
rifle
rocking chair
rotisserie
eraser, rubber eraser
rugby ball
ruler, rule
running shoe
safe
safety pin
salt shaker, saltshaker
sandal
sarong
saxophone, sax
scabbard
weighing scale, scale
school bus
schooner
scoreboard
screen
screw
screwdriver
seat belt
sewing machine
shield
shoe shop
shoji
shopping basket
shopping cart
shovel
shower cap
shower curtain
ski
ski mask
sleeping bag
slide rule
sliding door
slot machine, slot
snorkel
snowmobile
snowplough, snowplow
soap dispenser
football, soccer ball
sock
solar collector, solar dish
sombrero
soup bowl
space bar
space heater
space shuttle
spatula
speedboat
spider's web, spider web
spindle
sports car
spotlight
stage
steam locomotive
steel arch bridge
steel drum
stethoscope
stole
stone wall
stopwatch
stove
strainer
tram, streetcar
stretcher
sofa bed, studio couch
stupa
submarine
suit
sundial
sunglass
sunglasses
sunscreen
suspension bridge
mop, swab
sweatshirt
swimming trunks
swing
light switch, switch
syringe
table lamp
army tank, tank
tape player
teapot
teddy bear, teddy
television
tennis ball
thatch
theatre curtain, theater curtain
thimble
threshing machine, thresher
throne
tiled roof, tile roof
toaster
tobacconist, tobacco shop
toilet seat
torch
totem pole
tow truck
toy shop, toyshop
tractor
articulated lorry, trailer truck
tray
trench coat
tricycle
trimaran
tripod
triumphal arch
trolleybus
trombone
tub
turnstile
typewriter keyboard
umbrella
unicycle
upright piano, upright
vacuum cleaner, vacuum
vase
vault
velvet
vending machine
vestment
viaduct
violin
volleyball
waffle iron
wall clock
wallet
wardrobe
military aircraft, warplane
washbasin
washing machine, washer
water bottle
water jug
water tower
whiskey jug
whistle
wig
window screen
window shade
Windsor tie
wine bottle
aeroplane wing, wing
wok
wooden spoon
wool
split-rail fence, worm fence
shipwreck, wreck
yawl
yurt
website, web site
comic book
crossword puzzle
street sign
traffic light
book jacket
menu
plate
guacamole
consomme
hot pot
trifle
ice cream
ice lolly
baguette, French loaf
bagel
pretzel
cheeseburger
hot dog, hotdog
mashed potato
cabbage, head cabbage
broccoli
cauliflower
courgette, zucchini
spaghetti squash
acorn squash
butternut squash
cucumber
artichoke
bell pepper
cardoon
mushroom
Granny Smith apple, Granny Smith
strawberry
orange
lemon
fig
pineapple
banana
jackfruit
custard apple
pomegranate
hay
carbonara
chocolate sauce
dough
meatloaf, meat loaf
pizza
pot pie, potpie
burrito
red wine
espresso
cup
eggnog
alp
bubble
cliff
coral reef
geyser
lakeside
promontory
sandbar
seashore
valley
volcano
baseball player, ballplayer
bridegroom, groom
scuba diver
rapeseed
daisy
lady's slipper, yellow lady's slipper
corn
acorn
rose hip, hip
buckeye
coral fungus
agaric
gyromitra
stinkhorn
earthstar
hen-of-the-woods
bolete
ear of corn, ear
toilet paper, toilet tissue`.split('\n');
