/** Talk between people, about trading and other things. None of it is for the desk. */
export const chatter = `
hi
hello
hey
hi there
good morning
don't close it yet
he went long 5k
lol I should have closed
close call
long weekend
short answer: no
sell me on it
stop it
stop talking about bynd already
that was a close one
long story short, I lost money
she sold half of her bynd yesterday
they bought 500 AMD before the split
I would never short tesla
should've bought nvda at 118
if only I had sold at 1.10
my wife told me to sell everything
never sell everything at the open
do not buy the dip
don't buy AMD here
I wouldn't touch bynd with a ten foot pole
nobody is long this garbage
everyone is short
he is long and wrong
who else is long amd?
anyone still holding bynd?
are you guys buying this?
did you close your position?
what are you all trading today
is he out yet?
I almost scaled out at the top
I was going to scale out but fell asleep
thinking about selling half, what do you think bob?
maybe I'll add some tomorrow
might buy some amd next week
could buy 500 more if I had the cash
I used to trade tesla
last week I closed everything
sold half yesterday, feels good
bought the dip and it kept dipping
closed it, thank god
got stopped out again
my stop got hit at .55
stop losses are for cowards
the target is way too high imho
price target of 300 from goldman lol
analyst raised the target to 250
buffett sold apple
elon sold 5 billion of tesla
insiders bought 200k shares
hedge funds are short 30% of the float
the fed will cut in march
they will cut rates by half a percent
powell speaks at 2pm
earnings after the close
cpi at 8:30 tomorrow
market closes early friday
the market is closed on monday
close the door please
close your eyes and hope
can someone close the window
let's get lunch
lunch at noon?
pizza or sushi
good morning
good morning everybody
gm
gn all
hello there
how are you
how was your weekend
happy birthday dave!
thanks man
thank you so much
you're welcome
lol
lmao
haha nice one
wow
omg
no way
yes!!
nope
ok
sure
brb
afk 10 min
back in 5
I'm out
I'm in
I'm long gone
so long and thanks for all the fish
long time no see
how long will this take
not long now
long covid is no joke
the long and short of it is that we are early
in short, no
short on time today
shorts are getting squeezed
short squeeze incoming 🚀
to the moon 🚀🚀🚀
diamond hands baby
hodl
yolo
wen lambo
this is the way
buy high sell low
sell in may and go away
buy the rumor sell the news
time in the market beats timing the market
trim your sails
trim the hedges on sunday
I need a haircut, just a trim
cut it out
cut the crap
cut him some slack
add me on linkedin
add milk please
it all adds up
watch out for the bulls
watch this space
I watched the game last night
what a game
nice watch!
my watch stopped
history repeats itself
history class was boring
the rest is history
price is what you pay, value is what you get
what's the price of eggs these days
gas prices are insane
quote of the day: patience pays
can I quote you on that
chart looks terrible
nice chart
look at that chart lol
the charts are drunk
levels you never thought possible
next level stuff
take it to the next level
position of power
what position do you play?
yoga positions hurt my back
order pizza
law and order is on
in order to win you must play
out of order
move along nothing to see here
I'm moving house next month
smooth move
cancel my subscription
cancel culture
cancelled my gym membership
flight got cancelled
why not
why so serious
why do people hold this
that's why
tell me why
help me move on saturday
can you help my mom with her phone
help yourself
mute your mic dave
you're on mute
quiet day today
quiet please, baby sleeping
peace and quiet
alert the media
red alert
target has good socks
I'm at target
on target for q4
trail running is fun
trail mix is overpriced
paper trail
break even? we wish
even a broken clock
profit is profit
no one went broke taking profits
take the money and run
take a break
take it easy
hold on a sec
hold my beer
hold the door
exit through the gift shop
brexit was a mess
exit poll says otherwise
get out of here
get out, really?
no kidding
scale of 1 to 10?
economies of scale
the scaleout worked great yesterday btw
love how the bot scaled out for me
the bot closed my position lol
does the bot close at 4?
what does scaleout do bob?
is there a vwap reclaim here you think
vwap is for boomers
macd crossed, who cares
rsi is at 80 and it still goes up
volume is dead today
support broke, rip
resistance is futile
I support you
customer support is slow
schedule a call with me
my schedule is full
let's schedule dinner at 7
undo is the best shortcut
task failed successfully
multitasking is a myth
remind me tomorrow
see you at the close
see you at the open
at the close it was 1.02
by close we were green
tsla at 250 would be a gift
amd 120 by friday calling it
bynd 1.10 eow
bynd to 0 imo
nvda 1000 eoy
aapl is a buy
tsla is a sell
strong buy from jpm
sell rating from morgan
bought a house
buy me a coffee
buying a car tomorrow
sell your kidney
sold my car for 5k
for sale: one bag of bynd
half of you are bots
half the float is locked
all of it was a lie
everything is fine
all good
half past three
50% off at costco
30% of people believe that
1
2
yes
no
100
5k
fast
slow down
medium rare please
that was fast
smart move
so smart
flat earth
flat white please
flat tire this morning
I feel flat
`
  .split('\n')
  .filter((line) => line !== '')
